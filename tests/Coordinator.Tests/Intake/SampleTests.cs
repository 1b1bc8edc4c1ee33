using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

public sealed class SampleTests
{
    private static readonly RunSpecification ShortRun = SmallRun.Specification with { OuterUpdates = 20 };

    /// <summary>What is wrong with a sample, and the reason of its refusal.</summary>
    private static readonly Dictionary<string, (Action<Sample> Apply, RejectReason Reason)> Mistakes = new()
    {
        ["hash"] = (s => s.SpecificationHash = "0123", RejectReason.WrongRun),
        ["losses"] = (s => s.Losses.Add(1), RejectReason.WrongLength),
        ["rp length"] = (s => s.Gradients[0].Values.Add(0), RejectReason.WrongLength),
        ["positive"] = (s => s.Losses[0] = double.NaN, RejectReason.NotFinite),
        ["negative"] = (s => s.Losses[1] = double.PositiveInfinity, RejectReason.NotFinite),
        ["positive above the cap"] = (s => s.Losses[0] = 10.001, RejectReason.Malformed),
        ["negative below zero"] = (s => s.Losses[1] = -0.001, RejectReason.Malformed),
        ["rp"] = (s => s.Gradients[0].Values[5] = float.NegativeInfinity, RejectReason.NotFinite),
        ["future"] = (s => s.ThetaVersion = 1, RejectReason.ThetaFromFuture),
        ["problem"] = (s => s.ProblemId = 99, RejectReason.UnknownProblem),
        ["version"] = (s => s.ThetaVersion = -1, RejectReason.Malformed),
        ["steps"] = (s => s.Steps = 0, RejectReason.Malformed),
        ["shorter"] = (s => s.Steps = SmallRun.Steps - 1, RejectReason.Malformed),
        ["longer"] = (s => s.Steps = SmallRun.Steps + 1, RejectReason.Malformed),
        ["beyond"] = (s => s.Steps = 1000, RejectReason.Malformed),
        ["start"] = (s => s.StartStep = 1, RejectReason.Malformed),
        ["truncation"] = (s => s.Truncation = 1, RejectReason.Malformed),
        ["negative truncation"] = (s => s.Truncation = -1, RejectReason.Malformed),
        ["end"] = (s => s.Steps = 4 * SmallRun.Steps, RejectReason.Malformed),
        ["rp with values though not finite"] = (s => s.Gradients[0].Outcome = Sample.Types.Outcome.NotFinite, RejectReason.Malformed),
        ["rp missing"] = (s => s.Gradients.Clear(), RejectReason.Malformed),
        ["rp twice"] = (s => s.Gradients.Add(s.Gradients[0].Clone()), RejectReason.Malformed),
        ["gradient of the losses"] = (s => s.Gradients[0].Estimator = "es", RejectReason.Malformed),
        ["gradient unknown"] = (s => s.Gradients[0].Estimator = "x", RejectReason.Malformed),
    };

    public static TheoryData<string> MistakeNames => [.. Mistakes.Keys];

    [Fact]
    public async Task Samples_FullBatch_MoveTheta()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch))
            Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(problem.Next(0)));

        var theta = await worker.ExpectAsync(m => m.Theta);
        Assert.Equal(1, theta.Version);
        Assert.NotEqual(worker.Welcome.Theta.Values, theta.Values);
        Assert.Equal(theta, (await coordinator.LatestAsync()).Theta);
    }

    [Fact]
    public async Task Samples_LastBatch_FinishesTheRunAndDrainsItsWorkers()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, ShortRun);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        await FinishAsync(worker);

        await worker.ExpectAsync(m => m.Drain);
        var status = await coordinator.StatusAsync(s => s.State == RunState.Finished);
        Assert.Equal((ShortRun.OuterUpdates, (long)ShortRun.OuterUpdates * SmallRun.Batch), (status.OuterUpdate, status.SamplesAccepted));
    }

    [Fact]
    public async Task Join_FinishedRun_WorkerIsDrained()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, ShortRun);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await FinishAsync(worker);
        await worker.ExpectAsync(m => m.Drain);

        await using var late = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "late");

        await late.ExpectAsync(m => m.Drain);
        await late.SayGoodbyeAsync();
    }

    [Fact]
    public async Task Sample_SentAgain_IsAcknowledgedAgainAndCountsOnce()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { InnerSteps = SmallRun.Steps });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var sample = (await worker.ProblemAsync()).Next(0);

        // The problem ends with it: both in one group of events and after the commit.
        await worker.SendAsync(sample);
        await worker.SendAsync(sample);
        Assert.Equal(SampleOutcome.Accepted, (await worker.AckOfAsync(sample)).Outcome);
        Assert.Equal(SampleOutcome.Duplicate, (await worker.AckOfAsync(sample)).Outcome);
        Assert.Equal(SampleOutcome.Duplicate, await worker.GiveAsync(sample));

        var status = await coordinator.StatusAsync(s => s.SamplesDuplicate == 2);
        Assert.Equal((1, 1), (status.SamplesAccepted, status.QueueDepth));
    }

    [Theory]
    [MemberData(nameof(MistakeNames))]
    public async Task Sample_Wrong_IsRefusedByNameAndChangesNothing(string mistake)
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problem = await worker.ProblemAsync(0);
        var sample = problem.Next(0);
        var (apply, reason) = Mistakes[mistake];
        apply(sample);

        await worker.SendAsync(sample);

        var reject = await worker.ExpectAsync(m => m.Reject);
        Assert.Equal((reason, false), (reject.Reason, reject.Fatal));
        Assert.Equal((sample.ProblemId, sample.Truncation), (reject.ProblemId, reject.Truncation));
        Assert.NotEmpty(reject.Detail);
        // The stream goes on, and the problem too, from where it stood.
        var again = await worker.ProblemAsync(reason == RejectReason.UnknownProblem ? 1 : 0);
        Assert.Equal(0, again.InnerStep);
        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(again.Next(0)));
        var status = await coordinator.StatusAsync(s => s.SamplesAccepted == 1);
        Assert.Equal(1, status.SamplesRejected[reason.ToString()]);
        Assert.Equal(1, status.QueueDepth);
    }

    [Fact]
    public async Task Sample_RpNotFinite_CountsWithEsAlone()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch))
        {
            var sample = problem.Next(0);
            sample.Gradients[0].Outcome = Sample.Types.Outcome.NotFinite;
            sample.Gradients[0].Values.Clear();
            Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(sample));
        }

        var status = await coordinator.StatusAsync(s => s.OuterUpdate == 1);
        Assert.Equal((SmallRun.Batch, 1.0), (status.SamplesRpInvalid, status.Figures["weight_es"]));
        Assert.Contains("g_rp is not finite on most samples", Assert.Single(status.Notices).Text, StringComparison.Ordinal);
        Assert.All((await coordinator.LatestAsync()).Theta.Values, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public async Task Sample_TooOldForTheDropPolicy_IsStaleYetItsProblemGoesOn()
    {
        using var folder = new TemporaryFolder();
        var specification = SmallRun.Specification with { Staleness = StalenessPolicy.Drop, StalenessLimitUpdates = 1 };
        await using var coordinator = await RunningCoordinator.StartAsync(folder, specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        for (int i = 0; i < 2; i++)
        {
            foreach (var p in problems) await worker.GiveAsync(p.Next(i));
        }

        Assert.Equal(SampleOutcome.Stale, await worker.GiveAsync(problems[0].Next(0)));

        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(problems[0].Next(2)));
        var status = await coordinator.StatusAsync(s => s.SamplesAccepted == 9);
        Assert.Equal((1, 1), (status.SamplesStale, status.QueueDepth));
    }

    /// <summary>Gives every sample of the run; a problem that ends is followed by the next one.</summary>
    private static async Task FinishAsync(ScriptedWorker worker)
    {
        var problem = await worker.ProblemAsync();
        for (int i = 0; i < ShortRun.OuterUpdates * SmallRun.Batch; i++)
        {
            if (problem.Finished) problem = await worker.ProblemAsync();
            await worker.GiveAsync(problem.Next(worker.ThetaVersion));
        }
    }
}
