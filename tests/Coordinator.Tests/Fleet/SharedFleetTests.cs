using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Fleet;

/// <summary>A coordinator of several runs, with workers whose messages the test writes.</summary>
public sealed class SharedFleetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private IReadOnlyList<RunStanding> _standings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Workers_AreGivenToTheRunsInTurn()
    {
        await using var coordinator = await StartAsync(["a", "b"]);
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "first");
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "second");

        Assert.Equal((await StatusAsync(coordinator, "a")).RunId, first.Welcome.RunId);
        Assert.Equal((await StatusAsync(coordinator, "b")).RunId, second.Welcome.RunId);
    }

    [Fact]
    public async Task Run_Ended_ItsWorkerIsAskedBackAndGivenToAnother()
    {
        await using var coordinator = await StartAsync(["a", "b"], parallel: 1, updates: 1);
        var worker = await TrainAsync(coordinator);
        var drain = await worker.ExpectAsync(m => m.Drain);
        Assert.True(drain.ComeBack);
        await worker.SayGoodbyeAsync();
        string a = worker.Welcome.RunId;
        await UntilAsync(s => s[1].State == ServedState.Running);

        var again = await TrainAsync(coordinator);

        Assert.NotEqual(a, again.Welcome.RunId);
        // Nothing is left to do.
        Assert.False((await again.ExpectAsync(m => m.Drain)).ComeBack);
        await again.SayGoodbyeAsync();
        await UntilAsync(s => s.All(r => r.State == ServedState.Finished));
        Assert.Equal(a, (await StatusAsync(coordinator, "a")).RunId);
    }

    [Fact]
    public async Task Run_WithoutAWorkerWhileAnotherHasTwo_GetsOne()
    {
        await using var coordinator = await StartAsync(["a", "b"], updates: 1, parallel: 2);
        await using var stays = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "stays");
        await using var lost = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "lost");
        lost.Break();
        await UntilAsync(s => s[1].Workers == 0);
        // One that says whose it is goes there.
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => (h.WorkerId, h.RunId) = ("second", stays.Welcome.RunId));

        string moved = await Task.WhenAny(MovedAsync(stays, "stays"), MovedAsync(second, "second")).Unwrap();

        await using var again = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = moved);
        Assert.Equal((await StatusAsync(coordinator, "b")).RunId, again.Welcome.RunId);

        static async Task<string> MovedAsync(ScriptedWorker worker, string id)
        {
            var drain = await worker.ExpectAsync(m => m.Drain);
            Assert.Equal((true, "run 'b' needs it more than 'a'"), (drain.ComeBack, drain.Reason));
            await worker.SayGoodbyeAsync();
            return id;
        }
    }

    [Fact]
    public async Task Run_OfAnotherSpecification_FailsAndTheOthersTrain()
    {
        await using (await StartAsync(["a"])) { }

        await using var coordinator = await StartAsync(["a", "b"], seed: 7);
        await UntilAsync(s => s[1].State == ServedState.Running);

        Assert.Equal(ServedState.Failed, _standings[0].State);
        Assert.Contains("has another specification: seed is ", _standings[0].Problem);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        Assert.Equal((await StatusAsync(coordinator, "b")).RunId, worker.Welcome.RunId);
        var error = await Assert.ThrowsAsync<RpcException>(() => StatusAsync(coordinator, "a"));
        Assert.Contains("The run 'a' could not be opened: ", error.Status.Detail);
    }

    [Fact]
    public async Task Run_FileCannotBeWritten_FailsAndItsWorkerIsGivenToTheOther()
    {
        await using var coordinator = await StartAsync(["a", "b"]);
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "first");
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "second");
        new RunFile(_folder.PathOf("a")).RefuseSamples("no space left");

        await first.SendAsync((await first.ProblemAsync()).Next(0));

        await UntilAsync(s => s[0].State == ServedState.Failed);
        Assert.Contains("no space left", _standings[0].Problem);
        AssertSentAway(await first.ExpectAsync(m => m.Drain));
        await first.SayGoodbyeAsync();
        foreach (var problem in await second.ProblemsAsync(SmallRun.Batch)) await second.GiveAsync(problem.Next(0));
        Assert.Equal(1, (await second.ExpectAsync(m => m.Theta)).Version);

        // A worker that looks for the run is sent to the one that goes on.
        await using var back = await ScriptedWorker.JoinAsync(coordinator, h => (h.WorkerId, h.RunId) = ("first", first.Welcome.RunId));
        AssertSentAway(await back.ExpectAsync(m => m.Drain));
        await back.SayGoodbyeAsync();
        await using var moved = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "first");
        Assert.Equal(second.Welcome.RunId, moved.Welcome.RunId);
    }

    [Theory]
    [InlineData(null, "This coordinator serves several runs: 'a', 'b'. Name one with --run-name.")]
    [InlineData("c", "There is no run 'c' here. Runs: 'a', 'b'.")]
    public async Task Call_ThatNamesNoRun_IsRefused(string? run, string expected)
    {
        await using var coordinator = await StartAsync(["a", "b"]);

        var error = await Assert.ThrowsAsync<RpcException>(() => StatusAsync(coordinator, run));

        Assert.Equal((StatusCode.InvalidArgument, expected), (error.StatusCode, error.Status.Detail));
    }

    private static void AssertSentAway(Drain drain) =>
        Assert.Equal((true, "the run has failed"), (drain.ComeBack, drain.Reason));

    /// <summary>Joins, and gives the run the samples of an outer-update.</summary>
    private static async Task<ScriptedWorker> TrainAsync(RunningCoordinator coordinator)
    {
        var worker = await ScriptedWorker.JoinAsync(coordinator);
        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch)) await worker.GiveAsync(problem.Next(0));
        return worker;
    }

    private static async Task<Protocol.V1.Status> StatusAsync(RunningCoordinator coordinator, string? run) =>
        await coordinator.Operations.GetStatusAsync(new GetStatusRequest(), Named(run));

    private static Metadata Named(string? run) => run is null ? [] : new Metadata { { RunMetadata.Key, run } };

    private Task<RunningCoordinator> StartAsync(string[] names, int parallel = 2, int updates = 1000, int seed = 1)
    {
        _standings = [];
        var specification = SmallRun.Specification with { OuterUpdates = updates, Seed = seed };
        return RunningCoordinator.StartAsync(_folder, null, o => o with
        {
            LostWorkerGrace = TimeSpan.FromSeconds(1),
            Study = new StudyOptions
            {
                Name = "study",
                Runs = [.. names.Select(n => new StudyRunOptions(n, _folder.PathOf(n), specification))],
                Parallel = parallel,
                OnStandings = standings => _standings = standings,
                Compare = _ => "",
            },
        });
    }

    private async Task UntilAsync(Func<IReadOnlyList<RunStanding>, bool> condition)
    {
        using var limit = new CancellationTokenSource(ScriptedWorker.Patience);
        while (_standings.Count == 0 || !condition(_standings)) await Task.Delay(50, limit.Token);
    }
}
