using System.Globalization;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Intake;

/// <summary>The way of a part of a comparison into the run store.</summary>
internal sealed class ComparisonIntake(
    ComparisonInspector inspector, EvaluationSchedule evaluations, EvaluationWatch watch, RunPhase phase, RunWriter writer,
    Refusals refusals, ILogger<ComparisonIntake> log)
{
    public void OnPart(WorkerEntry worker, ComparisonPartReceived part)
    {
        var job = evaluations.Find(part.PartId) as ComparisonJob;
        if (inspector.Inspect(job, worker.Session.WorkerId, part) is { } refusal)
        {
            refusals.Refuse(worker.Session, refusal);
            if (job?.Worker == worker.Session.WorkerId) job.Refuse();
            return;
        }

        worker.NoteDelivered();
        worker.Stalled = false;
        watch.OnResult(job!);
        ((ComparisonEvaluations)evaluations).Complete(job!);
        ComparisonWriter.Add(writer, job!.Task, job.Optimizer, part.Result, worker.Session.WorkerId, part.Seconds);
        writer.SetValue(RunContext.SecondsKey, phase.Seconds.ToString("R", CultureInfo.InvariantCulture));
        CoordinatorLog.Compared(log, job.Subject, job.Trainings, worker.Session.WorkerId, part.Seconds);
    }
}
