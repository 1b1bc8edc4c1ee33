namespace LoptCluster.Shared.Instruments;

/// <summary>Names of the coordinator's instruments and tags, on which dashboards and alerts depend.</summary>
/// <remarks>docs/METRICS.md lists them under their Prometheus names.</remarks>
public static class CoordinatorInstruments
{
    // The run.
    public const string RunInfo = "lopt.run.info";
    public const string RunState = "lopt.run.state";
    public const string RunTraining = "lopt.run.training";
    public const string RunLeft = "lopt.run.left";
    public const string RunLeftSlot = "lopt.run.left_slot";
    public const string OuterUpdates = "lopt.outer_updates";
    public const string OuterUpdatesPlanned = "lopt.outer_updates_planned";
    public const string BatchSamples = "lopt.batch.samples";
    public const string OuterLossAverage = "lopt.outer_loss.average";
    public const string OuterLossCap = "lopt.outer_loss.cap";

    // Evaluations.
    public const string EvaluationLoss = "lopt.evaluation.loss";
    public const string EvaluationBestLoss = "lopt.evaluation.best_loss";
    public const string EvaluationBestVersion = "lopt.evaluation.best_version";

    // Comparisons.
    public const string ComparisonTasks = "lopt.comparison.tasks";
    public const string ComparisonTasksPlanned = "lopt.comparison.tasks_planned";
    public const string ComparisonTrainings = "lopt.comparison.trainings";
    public const string ComparisonTrainingsPlanned = "lopt.comparison.trainings_planned";

    // Samples.
    public const string Samples = "lopt.samples";
    public const string SamplesRpInvalid = "lopt.samples.rp_invalid";
    public const string Refusals = "lopt.refusals";
    public const string InnerSteps = "lopt.inner_steps";
    public const string SampleDuration = "lopt.sample.duration";
    public const string SampleQueue = "lopt.sample.queue";
    public const string SampleAge = "lopt.sample.age_updates";

    // The fleet.
    public const string Workers = "lopt.workers";
    public const string WorkerSlots = "lopt.worker_slots";
    public const string WorkerActivity = "lopt.worker_activity";
    public const string WorkersJoined = "lopt.workers.joined";
    public const string WorkersLeft = "lopt.workers.left";
    public const string WorkersLost = "lopt.workers.lost";
    public const string WorkersReturned = "lopt.workers.returned";
    public const string StatesHandedBack = "lopt.states_handed_back";
    public const string FleetInnerSteps = "lopt.fleet.inner_steps_per_second";
    public const string Problems = "lopt.problems";

    // Audits.
    public const string AuditedSamples = "lopt.audit.samples";
    public const string AuditOpen = "lopt.audit.open";
    public const string AuditDisputes = "lopt.audit.disputes";
    public const string WorkersQuarantined = "lopt.workers.quarantined";
    public const string Quarantine = "lopt.quarantine";
    public const string SamplesDropped = "lopt.samples.dropped";

    // The coordinator itself.
    public const string QueueDepth = "lopt.queue.depth";
    public const string LoopBacklog = "lopt.loop.backlog";
    public const string MergeDuration = "lopt.merge.duration";
    public const string CommitDuration = "lopt.commit.duration";
    public const string SampleReceived = "lopt.sample.received";
    public const string DiskFree = "lopt.disk.free";
    public const string DiskSize = "lopt.disk.size";
    public const string RunDatabase = "lopt.run.database";
    public const string CertificateExpiry = "lopt.tls.certificate_expiry";

    public const string OutcomeTag = "outcome";
    public const string ReasonTag = "reason";
    public const string StateTag = "state";
    public const string ActivityTag = "activity";
    public const string QuantileTag = "quantile";
    public const string EstimatorTag = "estimator";
    public const string SplitTag = "split";
    public const string OptimizerTag = "optimizer";
}
