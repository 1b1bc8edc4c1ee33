using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Assignments;

public sealed class ReassignmentTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Goodbye_WithStates_AnotherWorkerGoesOnFromThem()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var problem = await first.ProblemAsync(0);
        await first.GiveAsync(problem.Next(0));
        var state = problem.State;
        state.Particles[0].W[3] = 0.25f;

        await first.HandBackAsync(problem, InnerStateCodec.Encode(state));
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");

        var taken = await second.ProblemAsync(0);
        var origin = Assert.IsType<StateOrigin.HandedBack>(taken.Origin);
        Assert.Equal(InnerStateCodec.Encode(state), InnerStateCodec.Encode(origin.State));
        Assert.Equal(SampleOutcome.Accepted, await second.GiveAsync(taken.Next(0)));
    }

    [Theory]
    [InlineData("another truncation")]
    [InlineData("two particles")]
    [InlineData("optimizer state too short")]
    [InlineData("damaged")]
    public async Task Goodbye_StateThatDoesNotFit_IsNotKeptAndTheProblemRecomputed(string what)
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var problem = await first.ProblemAsync(0);
        await first.GiveAsync(problem.Next(0));

        await first.HandBackAsync(problem, Spoilt(problem.State, what));
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");

        var taken = await second.ProblemAsync(0);
        Assert.Single(Assert.IsType<StateOrigin.Recomputed>(taken.Origin).Truncations);
        // What cannot be right is refused by name; what came too late is only of no use.
        var refused = (await coordinator.StatusAsync(s => s.Workers.Count == 1)).SamplesRejected;
        Assert.Equal(what == "another truncation" ? 0 : 1, refused.Values.Sum());
    }

    [Fact]
    public async Task UnusableState_IsDroppedAndTheProblemRecomputed()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var problem = await first.ProblemAsync(0);
        await first.GiveAsync(problem.Next(0));
        await first.HandBackAsync(problem);
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");
        Assert.IsType<StateOrigin.HandedBack>((await second.ProblemAsync(0)).Origin);

        await second.SendAsync(new WorkerMessage { UnusableState = new UnusableState { ProblemId = 0, Detail = "w is too long" } });

        var again = await second.ProblemAsync(0);
        Assert.IsType<StateOrigin.Recomputed>(again.Origin);
        Assert.Equal(SampleOutcome.Accepted, await second.GiveAsync(again.Next(0)));
    }

    [Fact]
    public async Task LostWorker_AfterTheGrace_ItsProblemsAreReplayedElsewhere()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification, time: time);
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var problems = await first.ProblemsAsync(SmallRun.Batch);
        var thetas = new List<Theta> { first.Welcome.Theta };
        for (int i = 0; i < 2; i++)
        {
            foreach (var p in problems) await first.GiveAsync(p.Next(i));
            thetas.Add(await first.ExpectAsync(m => m.Theta));
        }

        first.Break();
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");
        time.Advance(Grace - TimeSpan.FromSeconds(1));
        await SettledAsync(coordinator);
        Assert.False(second.Has(m => m.Assignment?.Problem?.ProblemId < SmallRun.Batch));
        await AdvanceUntilAsync(coordinator, time, () => second.Has(m => m.Assignment?.Problem?.ProblemId < SmallRun.Batch));

        var taken = await second.ProblemAsync(0);
        var truncations = Assert.IsType<StateOrigin.Recomputed>(taken.Origin).Truncations;
        Assert.Equal([SmallRun.Steps, SmallRun.Steps], truncations.Select(t => t.Steps));
        Assert.Equal(thetas.Take(2), truncations.Select(t => ThetaWire.ToProto(t.Theta)));
        Assert.Equal(SampleOutcome.Accepted, await second.GiveAsync(taken.Next(2)));
    }

    [Fact]
    public async Task Reconnect_WithinTheGrace_HeldProblemsGoOnAndUnacknowledgedSamplesCountOnce()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var first = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await first.ProblemsAsync(SmallRun.Batch);
        var acknowledged = problems[0].Next(0);
        await first.GiveAsync(acknowledged);
        first.Break();
        // Computed while there was no connection.
        var ahead = problems[0].Next(0);

        await using var again = await ScriptedWorker.JoinAsync(coordinator, h =>
        {
            h.RunId = first.Welcome.RunId;
            h.Held.AddRange(problems.Select(p => p.Held));
        });
        Assert.Equal(SampleOutcome.Duplicate, await again.GiveAsync(acknowledged));
        Assert.Equal(SampleOutcome.Accepted, await again.GiveAsync(ahead));
        Assert.Equal(SampleOutcome.Accepted, await again.GiveAsync(problems[1].Next(0)));

        Assert.False(again.Has(m => m.Assignment is not null || m.Revoke is not null));
        Assert.Equal(3, (await coordinator.StatusAsync(s => s.SamplesAccepted == 3)).QueueDepth);
    }

    [Fact]
    public async Task Reconnect_ProblemEndedWithALostSample_TheSampleSentAgainIsTaken()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { InnerSteps = SmallRun.Steps });
        await using var first = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await first.ProblemsAsync(SmallRun.Batch);
        var last = problems[0].Next(0);
        Assert.True(last.ProblemFinished);
        first.Break();

        await using var again = await ScriptedWorker.JoinAsync(coordinator, h => h.Held.AddRange(problems.Skip(1).Select(p => p.Held)));

        Assert.Equal(SampleOutcome.Accepted, await again.GiveAsync(last));
        Assert.Equal(4, (await again.ProblemAsync()).Id);
    }

    [Fact]
    public async Task Reconnect_HeldProblemBehindTheLedger_IsRevokedAndAssignedAnew()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var first = await ScriptedWorker.JoinAsync(coordinator);
        var problem = await first.ProblemAsync(0);
        var behind = problem.Held;
        await first.GiveAsync(problem.Next(0));
        first.Break();

        await using var again = await ScriptedWorker.JoinAsync(coordinator, h => h.Held.Add(behind));

        Assert.Equal(0, (await again.ExpectAsync(m => m.Revoke)).ProblemId);
        Assert.Single(Assert.IsType<StateOrigin.Recomputed>((await again.ProblemAsync(0)).Origin).Truncations);
    }

    [Fact]
    public async Task Reconnect_ProblemIsAnothersByNow_IsRevoked()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var problem = await first.ProblemAsync(0);
        await first.SayGoodbyeAsync();
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");
        await second.ProblemAsync(0);

        await using var again = await ScriptedWorker.JoinAsync(coordinator, h =>
        {
            h.WorkerId = "a";
            h.Held.Add(problem.Held);
        });

        Assert.Equal(0, (await again.ExpectAsync(m => m.Revoke)).ProblemId);
        await again.SendAsync(problem.Next(0));
        Assert.Equal(RejectReason.UnknownProblem, (await again.ExpectAsync(m => m.Reject)).Reason);
    }

    [Fact]
    public async Task SilentWorker_IsLost()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification, o => o with { HeartbeatInterval = TimeSpan.FromSeconds(1) }, time);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        // The clock stops as soon as the coordinator has noticed: with more time the grace would end, and the worker be forgotten.
        var board = coordinator.Services.GetRequiredService<StatusBoard>();
        await AdvanceUntilAsync(coordinator, time, () => board.Current.Workers.Any(w => w.State == "lost"));

        Assert.Equal("lost", Assert.Single(board.Current.Workers).State);
        Assert.Equal(Grpc.Core.StatusCode.Unavailable, (await worker.EndedAsync())?.StatusCode);
    }

    private static byte[] Spoilt(InnerState state, string what)
    {
        var particle = state.Particles[0];
        byte[] bytes = InnerStateCodec.Encode(state);
        switch (what)
        {
            case "another truncation":
                state.NextTruncation++;
                return InnerStateCodec.Encode(state);
            case "two particles": return InnerStateCodec.Encode(With(state, particle, particle));
            case "optimizer state too short": return InnerStateCodec.Encode(With(state, new Particle(particle.W, particle.M[..^1])));
            case "damaged": return bytes[..^3];
            default: throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }

        static InnerState With(InnerState state, params ReadOnlySpan<Particle> particles) => new()
        {
            ProblemId = state.ProblemId,
            Horizon = state.Horizon,
            InnerStep = state.InnerStep,
            NextTruncation = state.NextTruncation,
            Particles = [.. particles],
        };
    }

    /// <summary>Everything that was queued before has been carried out.</summary>
    private static async Task SettledAsync(RunningCoordinator coordinator)
    {
        var marker = new PauseRequested(false);
        await coordinator.Services.GetRequiredService<RunQueue>().Writer.WriteAsync(marker);
        await marker.Done.Task;
    }

    private static async Task AdvanceUntilAsync(RunningCoordinator coordinator, FakeTimeProvider time, Func<bool> reached)
    {
        for (int i = 0; i < 1000 && !reached(); i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(250));
            await SettledAsync(coordinator);
        }
    }
}
