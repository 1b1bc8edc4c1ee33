using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Intake;

public sealed class SampleTests
{
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
    public async Task Samples_WholeRun_GoesToTheLastUpdateAndSendsWorkersAway()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification with { OuterUpdates = 20 });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        for (int i = 0; i < 20 * SmallRun.Batch; i++)
        {
            var problem = await worker.ProblemAsync();
            while (!problem.Finished && i < 20 * SmallRun.Batch)
            {
                await worker.GiveAsync(problem.Next(worker.ThetaVersion));
                i++;
            }

            i--;
        }

        await worker.ExpectAsync(m => m.Drain);
        await worker.SayGoodbyeAsync();
        var status = await coordinator.StatusAsync(s => s.State == RunState.Finished);
        Assert.Equal((20, 20L * SmallRun.Batch), (status.OuterUpdate, status.SamplesAccepted));
        // Who comes late is sent away in order, not cut off.
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
    [InlineData("hash", RejectReason.WrongRun)]
    [InlineData("losses", RejectReason.WrongLength)]
    [InlineData("rp length", RejectReason.WrongLength)]
    [InlineData("positive", RejectReason.NotFinite)]
    [InlineData("negative", RejectReason.NotFinite)]
    [InlineData("rp", RejectReason.NotFinite)]
    [InlineData("future", RejectReason.ThetaFromFuture)]
    [InlineData("problem", RejectReason.UnknownProblem)]
    [InlineData("version", RejectReason.Malformed)]
    [InlineData("steps", RejectReason.Malformed)]
    [InlineData("beyond", RejectReason.Malformed)]
    [InlineData("start", RejectReason.Malformed)]
    [InlineData("truncation", RejectReason.Malformed)]
    [InlineData("negative truncation", RejectReason.Malformed)]
    [InlineData("end", RejectReason.Malformed)]
    [InlineData("rp with values though not finite", RejectReason.Malformed)]
    [InlineData("rp missing", RejectReason.Malformed)]
    [InlineData("rp twice", RejectReason.Malformed)]
    [InlineData("gradient of the losses", RejectReason.Malformed)]
    [InlineData("gradient unknown", RejectReason.Malformed)]
    public async Task Sample_Wrong_IsRefusedByNameAndChangesNothing(string what, RejectReason reason)
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problem = await worker.ProblemAsync(0);
        var sample = problem.Next(0);
        Spoil(sample, what);

        await worker.SendAsync(sample);

        var reject = await worker.ExpectAsync(m => m.Reject);
        Assert.Equal((reason, false), (reject.Reason, reject.Fatal));
        Assert.Equal((sample.ProblemId, sample.Truncation), (reject.ProblemId, reject.Truncation));
        Assert.NotEmpty(reject.Detail);
        // The stream goes on, and the problem too, from where it stood.
        var again = what == "problem" ? await worker.ProblemAsync(1) : await worker.ProblemAsync(0);
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

    private static void Spoil(Sample sample, string what)
    {
        switch (what)
        {
            case "hash": sample.SpecificationHash = "0123"; break;
            case "losses": sample.Losses.Add(1); break;
            case "rp length": sample.Gradients[0].Values.Add(0); break;
            case "positive": sample.Losses[0] = double.NaN; break;
            case "negative": sample.Losses[1] = double.PositiveInfinity; break;
            case "rp": sample.Gradients[0].Values[5] = float.NegativeInfinity; break;
            case "future": sample.ThetaVersion = 1; break;
            case "problem": sample.ProblemId = 99; break;
            case "version": sample.ThetaVersion = -1; break;
            case "steps": sample.Steps = 0; break;
            case "beyond": sample.Steps = 1000; break;
            case "start": sample.StartStep = 1; break;
            case "truncation": sample.Truncation = 1; break;
            case "negative truncation": sample.Truncation = -1; break;
            case "end": sample.Steps = 4 * SmallRun.Steps; break;
            case "rp with values though not finite": sample.Gradients[0].Outcome = Sample.Types.Outcome.NotFinite; break;
            case "rp missing": sample.Gradients.Clear(); break;
            case "rp twice": sample.Gradients.Add(sample.Gradients[0].Clone()); break;
            case "gradient of the losses": sample.Gradients[0].Estimator = "es"; break;
            case "gradient unknown": sample.Gradients[0].Estimator = "x"; break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }
}
