namespace LoptCluster.Shared.Instruments;

/// <summary>Names of a worker's instruments; docs/METRICS.md lists them under their Prometheus names.</summary>
public static class WorkerInstruments
{
    public const string InnerSteps = "lopt.worker.inner_steps";
    public const string Samples = "lopt.worker.samples";
    public const string Replays = "lopt.worker.replays";
    public const string AuditedSamples = "lopt.worker.audited_samples";
    public const string Connections = "lopt.worker.connections";
    public const string Connected = "lopt.worker.connected";
    public const string BusySlots = "lopt.worker.busy_slots";
    public const string Problems = "lopt.worker.problems";
    public const string SampleDuration = "lopt.worker.sample.duration";

    public const string ActivityTag = CoordinatorInstruments.ActivityTag;
}
