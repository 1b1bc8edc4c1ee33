using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Assignments;

/// <summary>
/// In a synchronous run, whose problems are fixed: what becomes of those of a worker that is gone while another has nothing to do. The
/// clock stands, so that no grace period ends.
/// </summary>
public sealed class LentProblemTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ScriptedWorker> _workers = [];
    private RunningCoordinator? _coordinator;

    public async ValueTask DisposeAsync()
    {
        await BreakAllAsync();
        if (_coordinator is not null) await _coordinator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task LostWorker_AnotherIsIdle_TheRunGoesOnAtOnce()
    {
        var (_, problem, other, lent) = await LendAsync();

        Assert.Equal(SampleOutcome.Accepted, await other.GiveAsync(lent.Next(0)));
        var late = await JoinAsync("a", problem);
        Assert.Equal(0, (await late.ExpectAsync(m => m.Revoke)).ProblemId);
    }

    /// <summary>Its slot has nothing more to do at this θ: it gets the next one, and the batch becomes full.</summary>
    [Fact]
    public async Task LostWorker_OneSlotIsLeft_DoesAllLanesOneAfterTheOther()
    {
        var (_, _, other, lent) = await LendAsync();
        await other.GiveAsync(lent.Next(0));
        for (int lane = 1; lane < SmallRun.Batch; lane++) await other.GiveAsync((await other.ProblemAsync(lane)).Next(0));

        Assert.Equal(1, (await other.ExpectAsync(m => m.Theta)).Version);
    }

    [Fact]
    public async Task Lender_ComesBackBeforeASampleOfTheOther_GoesOn()
    {
        var (_, problem, other, lent) = await LendAsync();

        var again = await JoinAsync("a", problem);

        Assert.Equal(0, (await other.ExpectAsync(m => m.Revoke)).ProblemId);
        Assert.Equal(SampleOutcome.Accepted, await again.GiveAsync(problem.Next(0)));
        Assert.Equal(SampleOutcome.Duplicate, await other.GiveAsync(lent.Next(0)));
        Assert.False(again.Has(m => m.Revoke is not null));
    }

    [Fact]
    public async Task Lender_SendsTheSampleThatEndsTheProblemAgain_ItIsTaken()
    {
        var (_, problem, other, _) = await LendAsync(horizon: SmallRun.Steps);
        var last = problem.Next(0);
        Assert.True(last.ProblemFinished);

        var again = await JoinAsync("a");

        Assert.Equal(SampleOutcome.Accepted, await again.GiveAsync(last));
        Assert.Equal(0, (await other.ExpectAsync(m => m.Revoke)).ProblemId);
    }

    /// <summary>A worker that comes and goes, and delivers nothing, would keep a synchronous run where it is.</summary>
    [Fact]
    public async Task Lender_ComesBackASecondTime_TheOtherKeepsTheProblem()
    {
        var (_, problem, other, _) = await LendAsync();
        var again = await JoinAsync("a", problem);
        await other.ExpectAsync(m => m.Revoke);
        for (int lane = 1; lane < SmallRun.Batch; lane++) await other.GiveAsync((await other.ProblemAsync(lane)).Next(0));
        again.Break();
        var lent = await other.ProblemAsync(0);

        var third = await JoinAsync("a", problem);

        Assert.Equal(0, (await third.ExpectAsync(m => m.Revoke)).ProblemId);
        Assert.Equal(SampleOutcome.Accepted, await other.GiveAsync(lent.Next(0)));
    }

    [Fact]
    public async Task Lender_SendsAnEndOfAnOldVersion_TheOtherKeepsTheProblem()
    {
        var specification = SmallRun.Synchronous with { InnerSteps = 2 * SmallRun.Steps };
        _coordinator = await RunningCoordinator.StartAsync(_folder, specification, time: new FakeTimeProvider());
        var first = await JoinAsync("a");
        var problems = await first.ProblemsAsync(SmallRun.Batch);
        foreach (var problem in problems) await first.GiveAsync(problem.Next(0));
        first.Break();
        var other = await JoinAsync("b");
        var lent = await other.ProblemAsync(0);
        var again = await JoinAsync("a");

        Assert.Equal(SampleOutcome.Superseded, await again.GiveAsync(problems.Single(p => p.Id == 0).Next(0)));

        Assert.Equal(SampleOutcome.Accepted, await other.GiveAsync(lent.Next(1)));
    }

    [Fact]
    public async Task Restart_AllWorkersDied_OthersGetTheirProblemsAtOnce()
    {
        var (coordinator, _, _, _) = await LendAsync();
        await BreakAllAsync();
        await coordinator.DisposeAsync();
        _coordinator = await RunningCoordinator.StartAsync(_folder, SmallRun.Synchronous, time: new FakeTimeProvider());

        var third = await JoinAsync("c", slots: SmallRun.Batch);

        Assert.Equal(SmallRun.Batch, (await third.ProblemsAsync(SmallRun.Batch)).Count());
    }

    /// <summary>Worker a has all problems and is lost; b, with one slot, gets problem 0.</summary>
    private async Task<(RunningCoordinator Coordinator, ScriptedProblem Lost, ScriptedWorker Other, ScriptedProblem Lent)> LendAsync(
        int? horizon = null)
    {
        var specification = SmallRun.Synchronous with { InnerSteps = horizon ?? SmallRun.Synchronous.InnerSteps };
        _coordinator = await RunningCoordinator.StartAsync(_folder, specification, time: new FakeTimeProvider());
        var first = await JoinAsync("a");
        var problems = await first.ProblemsAsync(SmallRun.Batch);
        first.Break();
        var other = await JoinAsync("b");
        return (_coordinator, problems.Single(p => p.Id == 0), other, await other.ProblemAsync(0));
    }

    private async Task BreakAllAsync()
    {
        foreach (var worker in _workers) await worker.DisposeAsync();
        _workers.Clear();
    }

    private async Task<ScriptedWorker> JoinAsync(string id, ScriptedProblem? held = null, int slots = 1)
    {
        var worker = await ScriptedWorker.JoinAsync(_coordinator!, h =>
        {
            h.WorkerId = id;
            h.Slots = slots;
            if (held is not null) h.Held.Add(held.Held);
        });
        _workers.Add(worker);
        return worker;
    }
}
