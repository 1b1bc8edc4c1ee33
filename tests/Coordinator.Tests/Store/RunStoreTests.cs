using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Store;

public sealed class RunStoreTests : IDisposable
{
    private static readonly OuterState Moved = OuterState.Start(new ThetaSnapshot(1, new float[3]), new OuterSgd());

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Uncommitted_KilledThen_IsGoneAndWhatWasCommittedIsThere()
    {
        using var database = Begun();
        var writer = new RunWriter(database);
        writer.AddSample(Fabricated.Sample(0, 0), counted: true);
        writer.Commit();
        writer.AddSample(Fabricated.Sample(1, 0), counted: true);
        writer.SetOuterState(Moved);

        using var left = _folder.Snapshot();
        using var reopened = RunDatabase.Open(left.Path);
        var run = new RunReader(left.Path).Run(lanes: 4)!;

        Assert.Equal(0, run.State.Theta.Version);
        Assert.Equal([0L], run.Unmerged.Select(s => s.Identity.ProblemId));
    }

    /// <summary>A sample whose batch fills up at once leaves the rows of one that has waited, without having waited.</summary>
    [Fact]
    public void Sample_MergedInTheTransactionThatAddsIt_HasTheRowsOfOneThatHasWaited()
    {
        using var database = Begun();
        Write(database, w => w.AddSample(Fabricated.Sample(0, 0), counted: true));
        Write(database, w => w.MarkMerged([Fabricated.Sample(0, 0)], 1));
        Write(database, w =>
        {
            w.AddSample(Fabricated.Sample(1, 0), counted: true);
            w.AddSample(Fabricated.Sample(2, 0), counted: true);
            w.MarkMerged([Fabricated.Sample(1, 0)], 2);
        });

        var file = new RunFile(_folder.Path);
        Assert.Equal(2, file.Scalar("SELECT count(*) FROM samples WHERE merged_update = problem_id + 1"));
        Assert.Equal(2, file.Scalar("SELECT count(*) FROM samples WHERE place = 0 AND checksum IS NULL"));
        Assert.Equal(3, file.Scalar("SELECT count(*) FROM gradients"));
        Assert.Equal(2, file.Scalar("SELECT problem_id FROM samples JOIN waiting_gradients USING (sequence)"));
        Assert.Equal(1, file.Scalar("SELECT count(*) FROM waiting_gradients"));
        Assert.Equal(1, file.Scalar("SELECT count(checksum) FROM samples"));
        Assert.Equal([2L], new RunReader(_folder.Path).Run(lanes: 4)!.Unmerged.Select(s => s.Identity.ProblemId));
    }

    [Fact]
    public void Sample_ComesBackBitForBit()
    {
        using var database = Begun();
        var sample = Fabricated.Sample(0, 0) with { Losses = [0.1 + 0.2, 1e-300], Gradients = [Fabricated.Rp(float.Epsilon, -0f, 3e38f)] };
        Write(database, w => w.AddSample(sample, counted: true));

        var back = Assert.Single(new RunReader(_folder.Path).Run(4)!.Unmerged);

        Assert.Equal(sample with { Losses = [], Gradients = [] }, back with { Losses = [], Gradients = [] });
        Assert.Equal(sample.Losses, back.Losses);
        var (written, read) = (sample.Gradients[0], Assert.Single(back.Gradients));
        Assert.Equal(written with { Values = default }, read with { Values = default });
        Assert.Equal(
            written.Values.ToArray().Select(BitConverter.SingleToInt32Bits), read.Values.ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Sample_GradientNotFiniteOrNone_ComesBackAsThat()
    {
        using var database = Begun();
        Write(database, w =>
        {
            w.AddSample(Fabricated.Sample(0, 0) with { Gradients = [Fabricated.Rp(float.NaN, 0, 0)] }, counted: true);
            w.AddSample(Fabricated.Sample(1, 0) with { Gradients = [] }, counted: true);
        });

        var back = new RunReader(_folder.Path).Run(4)!.Unmerged;
        Assert.Equal((GradientOutcome.NotFinite, 0), (Assert.Single(back[0].Gradients).Outcome, back[0].Gradients[0].Values.Length));
        Assert.Empty(back[1].Gradients);
    }

    /// <summary>g_es is formed from the losses when samples are merged, so an 'es' sample's row holds no vector.</summary>
    [Fact]
    public void Sample_WithoutGradients_TakesSomeHundredBytes()
    {
        using var database = Begun();
        const int samples = 400;
        long before = Size(database);
        Write(database, w =>
        {
            for (int i = 0; i < samples; i++) w.AddSample(Fabricated.Sample(1_000_000, i) with { Gradients = [] }, counted: true);
        });

        Assert.InRange((Size(database) - before) / samples, 50, 250);
    }

    [Fact]
    public void MergedSamples_LeaveNoRoomBehind()
    {
        using var database = Begun();
        const int samples = 800;
        float[] gradient = new float[610];
        long before = Size(database);
        for (int i = 0; i < samples; i += 8)
        {
            GradientSample[] batch =
            [
                .. Enumerable.Range(i, 8).Select(
                    n => Fabricated.Sample(1_000_000, n) with { Gradients = [MeasuredGradient.Of(EstimatorId.Rp, gradient, default)] }),
            ];
            Write(database, w =>
            {
                foreach (var sample in batch) w.AddSample(sample, counted: true);
            });
            Write(database, w => w.MarkMerged(batch, 1 + (i / 8)));
        }

        // The gradients of one batch, and the records of all samples.
        Assert.InRange((Size(database) - before) / samples, 50, 400);
    }

    [Fact]
    public void Merged_GradientsGoButTheRecordStays()
    {
        using var database = Begun();
        var sample = Fabricated.Sample(0, 0);
        Write(database, w => w.AddSample(sample, counted: true));
        Write(database, w => w.MarkMerged([sample], 1));

        var run = new RunReader(_folder.Path).Run(4)!;
        Assert.Empty(run.Unmerged);
        Assert.Equal(new DoneTruncation(0, SmallRun.Steps, 0), Assert.Single(run.OpenProblems[0].Done));
        Assert.Equal(0L, Scalar(database, "SELECT count(*) FROM waiting_gradients"));
    }

    [Fact]
    public void Sample_SameIdentityTwice_TheFileItselfRefuses()
    {
        using var database = Begun();
        Write(database, w => w.AddSample(Fabricated.Sample(0, 0), counted: true));

        Assert.Throws<SqliteException>(() => Write(database, w => w.AddSample(Fabricated.Sample(0, 0, version: 3), counted: true)));
    }

    [Fact]
    public void Stale_IsKnownButNotToBeMerged()
    {
        using var database = Begun();
        Write(database, w => w.AddSample(Fabricated.Sample(0, 0), counted: false));

        var reader = new RunReader(_folder.Path);
        using var samples = reader.Samples();
        Assert.True(samples.Contains(new(0, 0)));
        Assert.False(samples.Contains(new(0, 1000)));
        Assert.Empty(reader.Run(4)!.Unmerged);
        Assert.Equal(
            new StoredCounts(Accepted: 0, Stale: 1, RpComputed: 1, RpInvalid: 0, Seconds: 0.25, RpSeconds: 0.125), reader.Counts());
    }

    [Fact]
    public void StateHandedBack_ComesBackAndGoesWithItsProblem()
    {
        using var database = Begun();
        var written = new InnerState
        {
            ProblemId = 1,
            Horizon = 20,
            NextTruncation = 2,
            InnerStep = 10,
            Particles = [new Particle([1, 2], [3, 4, 5])],
        };
        Write(database, w => w.SetState(written, "left", 1));
        var reader = new RunReader(_folder.Path);
        var state = reader.State(1)!;
        Assert.Equal((2, 10), (state.NextTruncation, state.InnerStep));
        Assert.Equal([1f, 2], state.Particles[0].W);
        Assert.Equal([3f, 4, 5], state.Particles[0].M);
        Assert.Equal(1, reader.Run(4)!.OpenProblems[1].Holders["left"]);

        Write(database, w => w.FinishProblem(1));
        Assert.Null(reader.State(1));
        Assert.Equal([0L], reader.Run(4)!.OpenProblems.Select(p => p.Id));
        Assert.Equal(2, reader.Run(4)!.NextProblemId);
    }

    [Fact]
    public void StateHandedBack_Unreadable_IsAsIfNoneWere()
    {
        using var database = Begun();
        using (var command = database.Command("UPDATE problems SET state = x'00ff' WHERE id = 1")) command.ExecuteNonQuery();

        Assert.Null(new RunReader(_folder.Path).State(1));
        Assert.Null(new RunReader(_folder.Path).Run(4)!.OpenProblems[1].State);
    }

    [Fact]
    public void AdamAndHistory_ComeBack()
    {
        using var database = Begun();
        var first = new HistoryEntry(2.5, new UpdateFigures(1, new Dictionary<string, double>
        {
            ["outer_loss"] = 0.1 + 0.2,
            ["variance_rp"] = double.PositiveInfinity,
            ["variance_es"] = 1e-300,
            ["a_figure_of_tomorrow"] = -3,
        }));
        var second = new HistoryEntry(3.5, new UpdateFigures(2, new Dictionary<string, double>()));
        Write(database, w =>
        {
            w.SetOuterState(Moved with { Optimizer = new OuterOptimizerState(9, [[0.1, 0.2, 0.3], [1e-300, 2, 3]]) });
            w.AddHistory(first);
            w.AddHistory(second);
        });

        var reader = new RunReader(_folder.Path);
        var optimizer = reader.Run(4)!.State.Optimizer;
        Assert.Equal(9, optimizer.Step);
        Assert.Equal([[0.1, 0.2, 0.3], [1e-300, 2, 3]], optimizer.Vectors);
        var history = reader.History(0);
        Assert.Equal([(1, 2.5), (2, 3.5)], history.Select(h => (h.OuterUpdate, h.Seconds)));
        Assert.Equal(first.Figures.Values, history[0].Figures.Values);
        Assert.Empty(history[1].Figures.Values);
        Assert.Equal([2L], reader.History(2).Select(h => h.OuterUpdate));
        Assert.Equal([1L], reader.History(0, limit: 1).Select(h => h.OuterUpdate));
    }

    [Fact]
    public void AverageAndPlans_ComeBackBitForBit()
    {
        using var database = Begun();
        var plans = OuterPlans.Of(new RunSpecification()).Prolong(7, 9000).Prolong(8, 12_000).Prolong(8, 10_000);
        Write(database, w =>
        {
            w.SetOuterState(Moved with { Average = new ThetaAverage(3, [0.1 + 0.2, 1e-300, -2]) });
            foreach (var plan in plans.Prolongations) w.SetProlongation(plan with { OuterUpdates = plan.OuterUpdates + 1 });
            foreach (var plan in plans.Prolongations) w.SetProlongation(plan);
            w.AddEvaluation(new StoredEvaluation(1, ClassSplit.OuterTest, 2, 0.5, 0.25, 1, IsAverage: true));
        });

        var reader = new RunReader(_folder.Path);
        var average = reader.Run(4)!.State.Average!;
        Assert.Equal(3, average.Updates);
        Assert.Equal([0.1 + 0.2, 1e-300, -2], average.Sum);
        Assert.Equal(plans.Prolongations, reader.Prolongations());
        Assert.True(Assert.Single(reader.Evaluations()).IsAverage);
    }

    [Fact]
    public void Evaluations_OfAMixture_ComeBackWithTheirKinds()
    {
        using var database = Begun();
        KindLoss[] kinds = [new("a", 1, 0.75, 0.5), new("b", 3, 0.25, 0.125)];
        Write(database, w =>
        {
            foreach (long version in (long[])[1, 2, 3])
            {
                var evaluation = new StoredEvaluation(version, ClassSplit.OuterTest, 4, 0.5, 0.25, 1);
                w.AddEvaluation(version == 2 ? evaluation : evaluation with { ByKind = kinds });
            }
        });

        var evaluations = new RunReader(_folder.Path).Evaluations(skip: 1);
        Assert.Equal([2, 3], evaluations.Select(e => e.ThetaVersion));
        Assert.Empty(evaluations[0].ByKind);
        Assert.Equal(kinds, evaluations[1].ByKind);
    }

    [Fact]
    public void RpShare_AndWhatItIsChosenBy_ComeBack()
    {
        using var database = Begun();
        var state = new RpShareState(7, [0.1, -14, 1e-300], new RpCost(1, 2, 3, 4, 1.0 / 3));
        Write(database, w =>
        {
            w.SetOuterState(Moved);
            w.SetOuterState(Moved with { Theta = new ThetaSnapshot(2, new float[3]), Plan = new SamplePlan(0.1 + 0.2), RpShare = state });
        });

        var run = new RunReader(_folder.Path).Run(4)!.State;
        Assert.Equal(0.1 + 0.2, run.Plan.RpShare);
        Assert.Equal(state.Gain, run.RpShare.Gain);
        Assert.Equal((state.Updates, state.Cost), (run.RpShare.Updates, run.RpShare.Cost));
    }

    [Fact]
    public void LaneVersion_IsOfTheLanesLastSampleAlsoWhenItsProblemHasJustBegun()
    {
        using var database = Begun();
        Write(database, w =>
        {
            w.AddSample(Fabricated.Sample(0, 0, version: 6), counted: true);
            w.FinishProblem(0);
            w.AddProblem(4, 0, 20);
        });

        var run = new RunReader(_folder.Path).Run(lanes: 4)!;
        Assert.Equal([(1L, -1L), (4L, 6L)], run.OpenProblems.Select(p => (p.Id, p.LaneVersion)));
    }

    [Fact]
    public void File_IsDurableByItsSettings()
    {
        using var database = Begun();
        Assert.Equal("wal", Scalar(database, "PRAGMA journal_mode"));
        Assert.Equal(2L, Scalar(database, "PRAGMA synchronous"));
    }

    [Fact]
    public void File_NotARuns_IsAUsersError()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "run.db"), new string('x', 5000));
        Assert.Contains(
            "run.db", Assert.Throws<UserErrorException>(() => RunDatabase.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_OfAnotherFormat_IsAUsersError()
    {
        using (var database = Begun())
        {
            using var command = database.Command("PRAGMA user_version = 99");
            command.ExecuteNonQuery();
        }

        Assert.Contains(
            "format 99", Assert.Throws<UserErrorException>(() => RunDatabase.Open(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private static void Write(RunDatabase database, Action<RunWriter> what)
    {
        var writer = new RunWriter(database);
        what(writer);
        writer.Commit();
    }

    private static long Size(RunDatabase database) =>
        (long)Scalar(database, "SELECT (SELECT * FROM pragma_page_count()) * (SELECT * FROM pragma_page_size())")!;

    private static object? Scalar(RunDatabase database, string sql)
    {
        using var command = database.Command(sql);
        return command.ExecuteScalar();
    }

    private RunDatabase Begun()
    {
        var database = RunDatabase.Open(_folder.Path);
        Write(database, w =>
        {
            w.SetOuterState(OuterState.Start(new ThetaSnapshot(0, new float[3]), new OuterSgd()));
            w.AddProblem(0, 0, 20);
            w.AddProblem(1, 1, 20);
        });
        return database;
    }
}
