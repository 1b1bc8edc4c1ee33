using Google.Protobuf;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Run;

public sealed class SynchronousModeTests
{
    private const int Updates = 10;

    [Fact]
    public async Task Theta_AnyOrderOfArrivalAndAnyWorkers_IsTheSameBits()
    {
        var alone = await TrainAsync(workers: 1, seed: 1, stopAt: null);
        var otherOrder = await TrainAsync(workers: 1, seed: 2, stopAt: null);
        var two = await TrainAsync(workers: 2, seed: 3, stopAt: null);
        var stopped = await TrainAsync(workers: 2, seed: 4, stopAt: (4 * SmallRun.Batch) + 2);

        Assert.Equal(alone, otherOrder);
        Assert.Equal(alone, two);
        Assert.Equal(alone, stopped);
    }

    [Fact]
    public async Task Sample_OfAnotherVersionThanTheLanes_IsSupersededAndTheProblemAssignedAnew()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Synchronous);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        Assert.All(problems, p => Assert.Equal((p.Id, 0L), ((long)p.Assignment.Lane, p.Assignment.NotBeforeVersion)));
        foreach (var problem in problems) await worker.GiveAsync(problem.Next(0));

        Assert.Equal(SampleOutcome.Superseded, await worker.GiveAsync(problems[0].Next(0)));

        var again = await worker.ProblemAsync(0);
        Assert.Equal((1, 1L), (again.NextTruncation, again.Assignment.NotBeforeVersion));
        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(again.Next(1)));
    }

    [Fact]
    public async Task LaneEnds_ItsNextProblemFollowsAtTheNextVersion()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Synchronous with { InnerSteps = SmallRun.Steps });
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        await worker.GiveAsync((await worker.ProblemAsync(2)).Next(0));

        var next = await worker.ProblemAsync(2 + SmallRun.Batch);

        Assert.Equal((2, 1L), (next.Assignment.Lane, next.Assignment.NotBeforeVersion));
    }

    [Fact]
    public async Task Restart_WhilePausedWithAFullBatch_GoesOnOnceItIsResumed()
    {
        using var folder = new TemporaryFolder();
        await using (var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Synchronous))
        {
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            var problems = await worker.ProblemsAsync(SmallRun.Batch);
            await coordinator.Operations.PauseAsync(new PauseRequest());
            foreach (var problem in problems) await worker.GiveAsync(problem.Next(0));
            Assert.Equal(0, (await coordinator.LatestAsync()).Theta.Version);
            await worker.SayGoodbyeAsync();
        }

        await using var again = await RunningCoordinator.StartAsync(folder);
        Assert.Equal(0, (await again.Operations.GetStatusAsync(new GetStatusRequest())).OuterUpdate);
        await again.Operations.ResumeAsync(new ResumeRequest());
        Assert.Equal(1, (await again.StatusAsync(s => s.OuterUpdate == 1)).OuterUpdate);
    }

    /// <summary>
    /// θ after some updates; samples arrive in an order that the seed decides, and the coordinator may be killed halfway.
    /// </summary>
    private static async Task<ByteString> TrainAsync(int workers, int seed, int? stopAt)
    {
        var folder = new TemporaryFolder();
        try
        {
            var random = new Random(seed);
            int given = 0;
            if (stopAt is { } limit)
            {
                await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Synchronous);
                given = await GiveUntilAsync(coordinator, workers, random, 0, limit);
                var left = folder.Snapshot();
                await coordinator.StopAsync();
                folder.Dispose();
                folder = left;
            }

            await using var last = await RunningCoordinator.StartAsync(
                folder, SmallRun.Synchronous, o => o with { LostWorkerGrace = TimeSpan.FromMilliseconds(1) });
            await GiveUntilAsync(last, workers, random, given, Updates * SmallRun.Batch);
            var theta = (await last.LatestAsync()).Theta;
            Assert.Equal(Updates, theta.Version);
            return theta.Checksum;
        }
        finally
        {
            folder.Dispose();
        }
    }

    private static async Task<int> GiveUntilAsync(RunningCoordinator coordinator, int workers, Random random, int given, int limit)
    {
        var joined = new List<ScriptedWorker>();
        for (int i = 0; i < workers; i++) joined.Add(await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = $"worker {i} {given}"));
        var lanes = new Dictionary<int, (ScriptedWorker Worker, ScriptedProblem Problem)>();
        try
        {
            while (given < limit)
            {
                // Every lane that has not given its sample of this version yet, in any order.
                long version = given / SmallRun.Batch;
                foreach (int lane in Enumerable.Range(0, SmallRun.Batch).OrderBy(_ => random.Next()).ToList())
                {
                    if (given >= limit) return given;
                    if (!lanes.TryGetValue(lane, out var at) || at.Problem.Finished) at = lanes[lane] = await LaneAsync(joined, lane);
                    if (at.Problem.Assignment.NotBeforeVersion > version) continue;
                    Assert.Equal(SampleOutcome.Accepted, await at.Worker.GiveAsync(at.Problem.Next(version)));
                    given++;
                }
            }

            return given;
        }
        finally
        {
            foreach (var worker in joined) await worker.DisposeAsync();
        }
    }

    private static async Task<(ScriptedWorker Worker, ScriptedProblem Problem)> LaneAsync(List<ScriptedWorker> workers, int lane)
    {
        using var found = new CancellationTokenSource();
        var searches = workers.Select(async w =>
        {
            var assignment = await w.ExpectAsync(m => m.Assignment?.Problem is { } p && p.Lane == lane ? p : null, found.Token);
            return (w, new ScriptedProblem(assignment, w.Welcome));
        }).ToList();
        var first = await Task.WhenAny(searches);
        // A search that goes on would take the lane's next problem away.
        await found.CancelAsync();
        return await first;
    }
}
