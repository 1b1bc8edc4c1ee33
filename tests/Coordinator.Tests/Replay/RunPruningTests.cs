using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Replay;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Store.Ledger;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.Training;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Replay;

public sealed class RunPruningTests
{
    private const int Keep = 4, First = TrainedRun.Updates - Keep;

    private static readonly RunSpecification Full = SmallRun.Specification with { Ledger = SampleLedger.Full };

    [Theory]
    [InlineData("")]
    [InlineData("thetaAverageDecay=0.9 outerOptimizer=momentum")]
    [InlineData("mode=synchronous")]
    public void Pruned_IsReplayedFromThere(string values)
    {
        using var trained = new TrainedRun(SpecificationKeys.Set(Full, values.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal(First, RunPruning.Prune(trained.Folder.Path, Keep, giveUpReplay: false, default));
        Assert.Equal(First + 2, RunPruning.Prune(trained.Folder.Path, Keep - 2, giveUpReplay: false, default));

        using var run = trained.Open();
        var updates = run.Replay(trained.FromLedger(), default).ToList();
        Assert.Equal([First + 3, First + 4], updates.Select(u => u.OuterUpdate));
        Assert.All(updates, u => Assert.True(u.Original is not null && u.IsSame));
        Assert.True(run.HasSameOptimizer);
    }

    [Fact]
    public void Pruned_KeepsWhatOpenProblemsAndEvaluationsNeed()
    {
        using var trained = new TrainedRun(Full);
        using (var database = RunDatabase.Open(trained.Folder.Path))
        using (var writer = new RunWriter(database))
        {
            writer.AddEvaluation(new StoredEvaluation(3, ClassSplit.OuterTrain, 2, 1, 1, 1));
            writer.Commit();
        }

        RunPruning.Prune(trained.Folder.Path, 1, giveUpReplay: false, default);

        var reader = new RunReader(trained.Folder.Path);
        var stored = reader.Run(SmallRun.Batch)!;
        var needed = stored.OpenProblems.SelectMany(p => p.Done).Select(d => d.ThetaVersion).Distinct().ToList();
        Assert.NotEmpty(needed);
        Assert.All(stored.OpenProblems, p => Assert.Equal(Enumerable.Range(0, p.Done.Count), p.Done.Select(d => d.Truncation)));
        Assert.All([0, 3, TrainedRun.Updates, .. needed], version => Assert.NotNull(reader.Theta(version)));
        Assert.Null(reader.Theta(1));
        Assert.Equal(TrainedRun.Updates, reader.History(0).Count);
    }

    [Fact]
    public void Pruned_Resumes_WithItsCountsAndProblems()
    {
        using var trained = new TrainedRun(Full);
        var before = new RunReader(trained.Folder.Path);
        var (counts, next) = (before.Counts(), before.Run(SmallRun.Batch)!.NextProblemId);

        RunPruning.Prune(trained.Folder.Path, 2, giveUpReplay: false, default);

        using var samples = new LedgerReader(trained.Folder.Path);
        var left = new RunReader(trained.Folder.Path);
        Assert.InRange(left.Counts().Accepted, 1, counts.Accepted - 1);
        var all = left.Counts().With(samples.Pruned());
        Assert.Equal(counts with { Seconds = 0, RpSeconds = 0 }, all with { Seconds = 0, RpSeconds = 0 });
        Assert.Equal(counts.Seconds, all.Seconds, precision: 9);
        Assert.Equal(counts.RpSeconds, all.RpSeconds, precision: 9);
        Assert.Equal(next, left.Run(SmallRun.Batch)!.NextProblemId);
        using var parts = new RunParts(Full, trained.Folder.Path);
        parts.Get<RunRestorer>().Restore();
        Assert.Equal(TrainedRun.Updates, parts.Get<OuterTrainer>().Theta.Version);
        Assert.Equal(counts.Accepted, parts.Get<RunTotals>().Accepted);
    }

    [Fact]
    public void Pruned_SampleOfAPrunedProblem_IsAnErrorThatSaysSo()
    {
        using var trained = new TrainedRun(Full);
        RunPruning.Prune(trained.Folder.Path, 1, giveUpReplay: false, default);
        using var run = trained.Open();

        var error = Assert.Throws<UserErrorException>(() => run.Check(new SampleIdentity(0, 0), trained.Options(), default));

        string pruned = $"Samples merged up to outer-update {TrainedRun.Updates - 1} were pruned.";
        Assert.EndsWith(pruned, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutGradients_IsPrunedOnlyIfReplayIsGivenUp()
    {
        using var trained = new TrainedRun(SmallRun.Specification);
        var refusal = Assert.Throws<UserErrorException>(() => RunPruning.Prune(trained.Folder.Path, Keep, giveUpReplay: false, default));
        Assert.StartsWith("The gradients of outer-update 1 are not in 'ledger.db'", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(new RunReader(trained.Folder.Path).Theta(1));

        RunPruning.Prune(trained.Folder.Path, Keep, giveUpReplay: true, default);

        using var run = trained.Open();
        var error = Assert.Throws<UserErrorException>(() => run.Replay(trained.Options(), default).ToList());
        Assert.Contains("It cannot be replayed.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_HeldByACoordinator_IsRefused()
    {
        using var trained = new TrainedRun(Full);
        using var held = RunDatabase.Open(trained.Folder.Path);

        var error = Assert.Throws<UserErrorException>(() => RunPruning.Prune(trained.Folder.Path, Keep, giveUpReplay: false, default));

        Assert.Contains("in use by another coordinator", error.Message, StringComparison.Ordinal);
    }
}
