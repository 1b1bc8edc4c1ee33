using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Store;

public sealed class GradientLedgerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Page_ComesBackBitForBit()
    {
        float[] a = [float.Epsilon, -0f, 3e38f, 1 / 3f], b = [-1e-20f, 7, float.MinValue, 0];

        var back = GradientPage.Unpack(GradientPage.Pack([a, b]), 2, 4);

        Assert.Equal(
            a.Concat(b).Select(BitConverter.SingleToInt32Bits),
            back.SelectMany(values => values.ToArray()).Select(BitConverter.SingleToInt32Bits));
        Assert.Throws<InvalidDataException>(() => GradientPage.Unpack(GradientPage.Pack([a, b]), 3, 4));
    }

    [Fact]
    public void Batch_ComesBackWithoutWhatIsNotFinite()
    {
        GradientSample[] batch =
        [
            Fabricated.Sample(5, 2),
            Fabricated.Sample(1, 0) with { Gradients = [Fabricated.Rp(float.NaN, 0, 0)] },
            Fabricated.Sample(0, 7) with { Gradients = [] },
            Fabricated.Sample(3, 1),
        ];
        Write(1, batch);

        var page = Page(1);

        Assert.Equal([new SampleIdentity(5, 2), new SampleIdentity(3, 1)], page.Keys.Select(k => k.Sample));
        Assert.All(page, g => Assert.Equal([g.Key.Sample.ProblemId, g.Key.Sample.Truncation, 1f], g.Value.ToArray()));
    }

    /// <summary>The page is durable and its update is not: the update comes again, with other samples.</summary>
    [Fact]
    public void Update_KilledBeforeTheRunsFile_IsErasedAndWrittenAnew()
    {
        Write(1, [Fabricated.Sample(0, 0)]);
        Write(2, [Fabricated.Sample(1, 0)], newest: 1);

        GradientLedger.Open(_folder.Path, "run", newestVersion: 1).Dispose();
        Assert.Empty(Page(2));
        Write(2, [Fabricated.Sample(2, 0)], newest: 1);

        Assert.Equal(0, Assert.Single(Page(1)).Key.Sample.ProblemId);
        Assert.Equal(2, Assert.Single(Page(2)).Key.Sample.ProblemId);
    }

    /// <summary>The ledger commits first: a kill between the two leaves a page too many, and never one too few.</summary>
    [Fact]
    public void Commit_ThatTheLedgerRefuses_LeavesTheRunsFileAsItWas()
    {
        using (var database = RunDatabase.Open(_folder.Path))
        using (var writer = new RunWriter(database, GradientLedger.Open(_folder.Path, "run", 0)))
        {
            writer.SetOuterState(OuterState.Start(new ThetaSnapshot(0, new float[Fabricated.ThetaLength]), new OuterSgd()));
            writer.AddProblem(0, 0, 20);
            writer.AddSample(Fabricated.Sample(0, 0), counted: true);
            writer.Commit();
            File.Delete(_folder.PathOf(GradientLedger.FileName));
            writer.MarkMerged([Fabricated.Sample(0, 0)], 1);

            Assert.Throws<UserErrorException>(writer.Commit);
        }

        var waiting = Assert.Single(new RunReader(_folder.Path).Run(lanes: 4)!.Unmerged);
        Assert.Equal([0f, 0f, 1f], waiting.Gradients[0].Values.ToArray());
    }

    [Fact]
    public void Ledger_OfAnotherRun_IsRefusedAndNotRead()
    {
        Write(1, [Fabricated.Sample(0, 0)]);

        var error = Assert.Throws<UserErrorException>(() => GradientLedger.Open(_folder.Path, "other", 0));

        Assert.EndsWith(
            "is the ledger of run 'run', and this is run 'other'. Move that file away.", error.Message, StringComparison.Ordinal);
        Assert.Null(GradientLedgerReader.Find(_folder.Path, "other"));
    }

    [Fact]
    public void Ledger_DeletedMeanwhile_EndsTheRun()
    {
        using var ledger = GradientLedger.Open(_folder.Path, "run", 0);
        File.Delete(_folder.PathOf(GradientLedger.FileName));
        ledger.Add(1, [Fabricated.Sample(0, 0)]);

        var error = Assert.Throws<UserErrorException>(() => ledger.Commit(ledger.TakeAdded()));

        Assert.Contains("was deleted, replaced or moved", error.Message, StringComparison.Ordinal);
    }

    private void Write(long update, GradientSample[] batch, long newest = 0)
    {
        using var ledger = GradientLedger.Open(_folder.Path, "run", newest);
        ledger.Add(update, batch);
        ledger.Commit(ledger.TakeAdded());
    }

    private IReadOnlyDictionary<(SampleIdentity Sample, EstimatorId Estimator), ReadOnlyMemory<float>> Page(long update)
    {
        using var reader = GradientLedgerReader.Find(_folder.Path, "run")!;
        return reader.Page(update);
    }
}
