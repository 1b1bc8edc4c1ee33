using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Membership;

public sealed class EvaluationWatchTests : IDisposable
{
    private static readonly RunSpecification Evaluated = SmallRun.Specification with { EvaluateEveryUpdates = 1, EvaluationTasks = 1 };

    private readonly RunParts _parts = new(Evaluated);
    private readonly WorkerSession _idle = RunParts.Session("idle");

    public EvaluationWatchTests()
    {
        _parts.Get<Members>().OnJoined(_idle);
        _parts.Get<EvaluationSchedule>().OnPublished(SmallRun.Theta(0).Theta);
    }

    public void Dispose() => _parts.Dispose();

    private IReadOnlyList<EvaluationJob> Jobs => _parts.Get<EvaluationSchedule>().Jobs;

    [Fact]
    public void OnTick_EvaluationThatDoesNotCome_GoesToAnotherWorker()
    {
        var job = Jobs[0];
        job.AssignTo("idle");
        Pass(EvaluationWatch.FirstLimit);
        Assert.Equal("idle", job.Worker);

        Pass(TimeSpan.FromMinutes(1));

        Assert.Null(job.Worker);
        Assert.False(job.MayGoTo("idle"));
        Assert.True(job.MayGoTo("another"));
        Assert.Empty(_parts.Get<Members>().Available);
    }

    [Fact]
    public void OnTick_OthersTookAMinute_WaitsForMinutes()
    {
        Complete(Jobs[0], after: TimeSpan.FromMinutes(1));
        var job = Jobs[0];
        job.AssignTo("idle");
        var limit = EvaluationWatch.LeastLimit + (EvaluationWatch.Patience * TimeSpan.FromMinutes(1));
        Pass(limit - TimeSpan.FromMinutes(1));
        Assert.Equal("idle", job.Worker);

        Pass(TimeSpan.FromMinutes(2));

        Assert.Null(job.Worker);
    }

    [Fact]
    public void OnTick_WorkerLeftAndTheEvaluationGoesToAnother_ItsTimeBeginsAgain()
    {
        var job = Jobs[0];
        job.AssignTo("gone");
        Pass(EvaluationWatch.FirstLimit - TimeSpan.FromMinutes(1));
        job.Release();
        job.AssignTo("idle");

        Pass(TimeSpan.FromMinutes(10));

        Assert.Equal("idle", job.Worker);
    }

    /// <summary>A worker that was given up for its evaluation, and delivers another one.</summary>
    [Fact]
    public void OnEvaluation_OfAWorkerThatWasGivenUp_ItGetsWorkAgain()
    {
        Jobs[0].AssignTo("idle");
        Pass(EvaluationWatch.FirstLimit + TimeSpan.FromMinutes(1));
        Assert.Empty(_parts.Get<Members>().Available);

        Complete(Jobs[1], after: TimeSpan.FromSeconds(1));

        Assert.Single(_parts.Get<Members>().Available);
    }

    private void Complete(EvaluationJob job, TimeSpan after)
    {
        job.AssignTo("idle");
        Look();
        _parts.Time.Advance(after);
        _parts.Get<EvaluationIntake>().OnEvaluation(
            _parts.Get<Members>().Find(_idle)!, new EvaluationReceived(job.Id, [1.0], [1.0], 1));
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(10))
        {
            Look();
            _parts.Time.Advance(TimeSpan.FromSeconds(10));
        }

        Look();
    }

    private void Look() => _parts.Get<EvaluationWatch>().OnTick(_parts.Get<Members>().Connected);
}
