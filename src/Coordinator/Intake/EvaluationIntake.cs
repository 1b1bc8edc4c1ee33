using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Intake;

/// <summary>The way of an evaluation's result into the run store.</summary>
internal sealed class EvaluationIntake(
    EvaluationInspector inspector, EvaluationSchedule evaluations, EvaluationWatch watch, RunWriter writer, Refusals refusals,
    ILogger<EvaluationIntake> log)
{
    public void OnEvaluation(WorkerEntry worker, EvaluationReceived result)
    {
        var job = evaluations.Find(result.EvaluationId) as LossEvaluation;
        if (inspector.Inspect(job, worker.Session.WorkerId, result) is { } refusal)
        {
            refusals.Refuse(worker.Session, refusal);
            if (job?.Worker == worker.Session.WorkerId) job.Refuse();
            return;
        }

        worker.NoteDelivered();
        worker.Stalled = false;
        watch.OnResult(job!);
        var stored = evaluations.Complete(job!, result);
        writer.AddEvaluation(stored);
        if (stored is { IsAverage: true, ThetaVersion: { } averaged })
            CoordinatorLog.AverageEvaluated(log, averaged, stored.Split, stored.MeanLoss, worker.Session.WorkerId);
        else if (stored.ThetaVersion is { } version)
            CoordinatorLog.Evaluated(log, version, stored.Split, stored.MeanLoss, worker.Session.WorkerId);
        else CoordinatorLog.BaselineEvaluated(log, stored.Split, stored.MeanLoss, worker.Session.WorkerId);
    }
}
