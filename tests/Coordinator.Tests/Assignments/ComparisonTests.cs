using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Replay;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Xunit;
using Baseline = LoptCluster.Engine.Evaluation.Baseline;

namespace LoptCluster.Coordinator.Tests.Assignments;

public sealed class ComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ComparedRun _run = new();

    public void Dispose()
    {
        _run.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Comparison_ContinuedAfterARestart_IsTheLocalOneBitForBit()
    {
        List<ComparisonPart> parts;
        await using (var coordinator = await _run.StartAsync(_folder))
        {
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            parts = await _run.WorkAsync(worker, 7);
            var status = await coordinator.StatusAsync(s => s.Comparison.TrainingsDone >= 1 + 11 + 4 + 1 + 1 + 1 + 11);
            Assert.Equal((RunState.Running, 1, ComparedRun.Tasks, 54), (
                status.State, status.Comparison.TasksDone, status.Comparison.Tasks, status.Comparison.Trainings));
            Assert.True(status.SecondsLeft > 0);
            Assert.Empty(status.Notices);
            await worker.SayGoodbyeAsync();
        }

        Assert.Equal(1, RecordedComparison.Find(_folder.Path)!.TasksDone);
        // The same command, and --run alone.
        await using var again = await _run.StartAsync(_folder);
        await using var other = await ScriptedWorker.JoinAsync(again);
        parts.AddRange(await _run.WorkAsync(other, _run.Parts - 7));
        var finished = await again.StatusAsync(s => s.State == RunState.Finished);

        Assert.Equal(_run.Parts, parts.Select(p => (p.Task, p.Theta, p.Baseline)).Distinct().Count());
        Assert.Equal(("finished", ComparedRun.Tasks), (finished.Notices.Single().Kind, finished.Comparison.TasksDone));
        var recorded = RecordedComparison.Find(_folder.Path)!;
        Assert.Equal((3L, "trained", "theta.safetensors"), (recorded.Theta.Version, recorded.Origin.RunId, recorded.Origin.File));
        Assert.Equal(SmallRun.Theta(3).Theta.Values.ToArray(), recorded.Theta.Values.ToArray());
        Assert.Equal(_run.Local, ComparedRun.Text(recorded.Compose()));
    }

    [Fact]
    public async Task Restart_OfACompleteComparison_IsFinishedAndAsksNobody()
    {
        await using (var coordinator = await _run.StartAsync(_folder))
        {
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            await _run.WorkAsync(worker, _run.Parts);
            await coordinator.StatusAsync(s => s.State == RunState.Finished);
            await worker.SayGoodbyeAsync();
        }

        await using var again = await RunningCoordinator.StartAsync(_folder);
        var status = await again.StatusAsync(s => s.State == RunState.Finished);
        Assert.Equal((ComparedRun.Tasks, 0), (status.Comparison.TasksDone, status.SecondsLeft));
    }

    [Fact]
    public async Task Part_OfAWorkerThatIsLost_GoesToAnotherAtOnce()
    {
        await using var coordinator = await _run.StartAsync(_folder);
        var lost = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "lost");
        var first = await ComparedRun.PartAsync(lost);
        lost.Break();
        await lost.DisposeAsync();
        await coordinator.StatusAsync(s => s.Workers.Any(w => w is { WorkerId: "lost", State: "lost" }));

        await using var other = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "other");
        Assert.Equal(first.PartId, (await ComparedRun.PartAsync(other)).PartId);
    }

    /// <summary>Nobody else is there: the comparison must not wait for ever.</summary>
    [Fact]
    public async Task Part_RefusedOfTheOnlyWorker_IsGivenToItAgainAfterAllOthers()
    {
        await using var coordinator = await _run.StartAsync(_folder);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var refused = await ComparedRun.PartAsync(worker);
        var wrong = _run.Compute(refused);
        wrong.Losses[0] = double.NaN;
        await ComparedRun.SendAsync(worker, wrong);
        await worker.ExpectAsync(m => m.Reject);

        var parts = await _run.WorkAsync(worker, _run.Parts);

        Assert.Equal(refused.PartId, parts[^1].PartId);
        Assert.Equal(RunState.Finished, (await coordinator.StatusAsync(s => s.Comparison.TasksDone == ComparedRun.Tasks)).State);
        Assert.Equal(_run.Local, ComparedRun.Text(RecordedComparison.Find(_folder.Path)!.Compose()));
    }

    /// <summary>A worker that is refused and comes back under other names, again and again, takes no memory.</summary>
    [Fact]
    public void Refuse_OfMoreWorkersThanAreRemembered_ForgetsTheFirst()
    {
        var job = new ComparisonJob(1, task: 0, optimizer: 1, innerSteps: 1, theta: null, Baseline.Adam);
        for (int i = 0; i < 1000; i++)
        {
            job.AssignTo($"worker {i}");
            job.Refuse();
        }

        Assert.False(job.MayGoTo("worker 999"));
        Assert.True(job.MayGoTo("worker 0"));
    }

    /// <summary>What a worker says of its time only informs: it is stored as a number of seconds, or as none.</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(1e300)]
    public async Task Result_SecondsThatAreNone_CountAsNone(double seconds)
    {
        await using var coordinator = await _run.StartAsync(_folder);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var result = _run.Compute(await ComparedRun.PartAsync(worker));
        result.Seconds = seconds;

        await ComparedRun.SendAsync(worker, result);

        await coordinator.StatusAsync(s => s.Comparison.TrainingsDone == 1);
        Assert.Equal(1, new RunFile(_folder.Path).Scalar("SELECT count(*) FROM comparison_parts WHERE seconds = 0"));
    }

    /// <summary>While many parts wait, a slot has its next before it asks; when few are left, none waits behind another.</summary>
    [Fact]
    public void AssignEvaluations_TwoPartsASlotWhileManyWait_ThenOne()
    {
        using var parts = new RunParts(_run.Specification with { ComparisonTasks = 9 });
        var (evaluations, work) = (parts.Get<EvaluationSchedule>(), parts.Get<WorkAssignment>());
        evaluations.OnPublished(SmallRun.Theta(0).Theta);
        Assert.Equal(9, evaluations.Jobs.Count);
        WorkerSession[] workers = [RunParts.Session("w", slots: 2)];

        work.AssignEvaluations(workers);
        Assert.Equal(4, evaluations.Jobs.Count(j => j.Worker == "w"));

        foreach (var job in evaluations.Jobs.Where(j => j.Worker is not null).ToList())
        {
            ((ComparisonEvaluations)evaluations).Complete((ComparisonJob)job);
            work.AssignEvaluations(workers);
        }

        // Five are left, fewer than four a slot.
        Assert.Equal((5, 2), (evaluations.Jobs.Count, evaluations.Jobs.Count(j => j.Worker == "w")));
    }

    [Fact]
    public async Task Pause_NoPartIsHandedOutUntilResumed()
    {
        await using var coordinator = await _run.StartAsync(_folder);
        await coordinator.Operations.PauseAsync(new PauseRequest());
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var status = await coordinator.StatusAsync(s => s.Workers.Count == 1);
        Assert.Equal(RunState.Paused, status.State);
        await Task.Delay(TimeSpan.FromMilliseconds(600));
        Assert.False(worker.Has(m => m.Assignment is not null));

        await coordinator.Operations.ResumeAsync(new ResumeRequest());

        await ComparedRun.PartAsync(worker);
    }

    [Fact]
    public async Task Workers_AllGone_TheComparisonWaitsAndSaysSo()
    {
        await using var coordinator = await _run.StartAsync(_folder);
        await using (var worker = await ScriptedWorker.JoinAsync(coordinator))
        {
            await _run.WorkAsync(worker, 2);
            await coordinator.StatusAsync(s => s.State == RunState.Running);
            await worker.SayGoodbyeAsync();
        }

        var status = await coordinator.StatusAsync(s => s.State == RunState.WaitingForWorkers);
        Assert.StartsWith("No worker is connected: the comparison waits.", status.Notices[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AnotherComparisonInTheSameFolder_IsRefused()
    {
        await using (await _run.StartAsync(_folder))
        {
        }

        await RefusedAsync(c => c with { Baselines = [Baseline.Adam] }, "compares θ with other baselines");
        await RefusedAsync(
            c => c with { Theta = c.Theta with { Origin = c.Theta.Origin with { Sha256 = "0" } } },
            "compares another θ, of 'theta.safetensors'");
        var prolonged = await Assert.ThrowsAsync<UserErrorException>(
            () => RunningCoordinator.StartAsync(_folder, null, o => o with { OuterUpdates = 5 }));
        Assert.StartsWith("--updates prolongs a training", prolonged.Message, StringComparison.Ordinal);
        Assert.Contains("lopt report", Assert.Throws<UserErrorException>(() => ReplayableRun.Open(_folder.Path)).Message);
    }

    [Fact]
    public async Task Start_OfATrainingsFolder_IsRefused()
    {
        await using (await RunningCoordinator.StartAsync(_folder, SmallRun.Specification))
        {
        }

        await Assert.ThrowsAsync<UserErrorException>(() => _run.StartAsync(_folder));
    }

    [Fact]
    public async Task Check_AResultThatHasChanged_IsNamed()
    {
        await using (var coordinator = await _run.StartAsync(_folder))
        {
            await using var worker = await ScriptedWorker.JoinAsync(coordinator);
            await _run.WorkAsync(worker, 2);
            await coordinator.StatusAsync(s => s.Comparison.TrainingsDone >= 12);
        }

        Assert.Equal(2, RunCheck.Of(_folder.Path).Single(p => p.Part == "parts of a comparison").Items);
        new RunFile(_folder.Path).Change("UPDATE comparison_parts SET setting = setting + 1 WHERE optimizer = 1");
        Assert.Equal(
            ["The result of optimizer 1 on task 0 does not match its checksum"],
            RunCheck.Of(_folder.Path).SelectMany(p => p.Damage));
    }

    private async Task RefusedAsync(Func<ComparisonOptions, ComparisonOptions> with, string because)
    {
        var error = await Assert.ThrowsAsync<UserErrorException>(() => _run.StartAsync(_folder, with));
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }
}
