using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Loop;

public sealed class RestartTests
{
    [Fact]
    public async Task KilledInTheMiddleOfABatch_GoesOnAsIfNothingHadHappened()
    {
        using var uninterrupted = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        var expected = await ThetaAfterTwoUpdatesAsync(uninterrupted);

        await using var killed = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(killed);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        foreach (var problem in problems) await worker.GiveAsync(problem.Next(0));
        await worker.GiveAsync(problems[0].Next(1));
        var acknowledged = problems[1].Next(1);
        await worker.GiveAsync(acknowledged);
        using var left = folder.Snapshot();

        await using var again = await RunningCoordinator.StartAsync(left);
        await using var back = await ScriptedWorker.JoinAsync(again, h =>
        {
            h.RunId = worker.Welcome.RunId;
            h.Held.AddRange(problems.Select(p => p.Held));
        });
        Assert.Equal(1, back.Welcome.Theta.Version);
        Assert.Equal(SampleOutcome.Duplicate, await back.GiveAsync(acknowledged));
        await back.GiveAsync(problems[2].Next(1));
        Assert.Equal(1, (await again.LatestAsync()).Theta.Version);
        await back.GiveAsync(problems[3].Next(1));

        Assert.Equal(expected, (await again.LatestAsync()).Theta);
        var status = await again.StatusAsync(s => s.OuterUpdate == 2);
        Assert.Equal((8, 1), (status.SamplesAccepted, status.SamplesDuplicate));
    }

    [Fact]
    public async Task Killed_AnotherWorkerThatClaimsEveryProblem_GetsNone()
    {
        using var folder = new TemporaryFolder();
        await using var killed = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(killed);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        foreach (var problem in problems) await worker.GiveAsync(problem.Next(0));
        using var left = folder.Snapshot();
        await using var again = await RunningCoordinator.StartAsync(left);

        await using var thief = await ScriptedWorker.JoinAsync(again, h =>
        {
            h.WorkerId = "thief";
            h.Held.AddRange(problems.Select(p => p.Held));
        });

        for (int i = 0; i < problems.Length; i++) await thief.ExpectAsync(m => m.Revoke);
        await using var back = await ScriptedWorker.JoinAsync(again, h => h.Held.AddRange(problems.Select(p => p.Held)));
        foreach (var problem in problems) Assert.Equal(SampleOutcome.Accepted, await back.GiveAsync(problem.Next(1)));
    }

    [Fact]
    public async Task Killed_TheSampleThatEndsAProblemIsTakenFromTheWorkerThatStillHasIt()
    {
        using var folder = new TemporaryFolder();
        await using var killed = await RunningCoordinator.StartAsync(folder, SmallRun.Specification with { InnerSteps = SmallRun.Steps });
        await using var worker = await ScriptedWorker.JoinAsync(killed);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        using var left = folder.Snapshot();
        var last = problems[0].Next(0);

        await using var again = await RunningCoordinator.StartAsync(left);
        await using var back = await ScriptedWorker.JoinAsync(again, h => h.Held.AddRange(problems.Skip(1).Select(p => p.Held)));

        Assert.Equal(SampleOutcome.Accepted, await back.GiveAsync(last));
    }

    [Fact]
    public async Task AnotherSpecification_IsRefusedWithTheKeysThatDiffer()
    {
        using var folder = new TemporaryFolder();
        await (await RunningCoordinator.StartAsync(folder, SmallRun.Specification)).StopAsync();

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => RunningCoordinator.StartAsync(folder, SmallRun.Specification with { Seed = 7, OuterUpdates = 3 }));

        Assert.Contains("seed is 1 there, 7 was asked for", error.Message, StringComparison.Ordinal);
        Assert.Contains("outerUpdates is 1000 there, 3 was asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondCoordinatorOfARun_IsRefused()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);

        var error = await Assert.ThrowsAsync<UserErrorException>(() => RunningCoordinator.StartAsync(folder));

        Assert.Contains("in use by another coordinator", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoRunAndNoSpecification_IsRefused()
    {
        using var folder = new TemporaryFolder();

        var error = await Assert.ThrowsAsync<UserErrorException>(() => RunningCoordinator.StartAsync(folder));

        Assert.Contains("holds no run yet", error.Message, StringComparison.Ordinal);
    }

    private static async Task<Theta> ThetaAfterTwoUpdatesAsync(TemporaryFolder folder)
    {
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        for (int version = 0; version < 2; version++)
        {
            foreach (var problem in problems) await worker.GiveAsync(problem.Next(version));
        }

        return (await coordinator.LatestAsync()).Theta;
    }
}
