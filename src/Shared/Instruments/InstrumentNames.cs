namespace LoptCluster.Shared.Instruments;

/// <summary>Names of the meters and activity sources, for whoever collects them.</summary>
public static class InstrumentNames
{
    public const string CoordinatorMeter = "LoptCluster.Coordinator";
    public const string WorkerMeter = "LoptCluster.Worker";

    /// <summary>Meter of the figures that coordinator and worker share.</summary>
    public const string ProcessMeter = "LoptCluster.Process";

    public const string ProcessMemoryLimit = "lopt.process.memory_limit";

    /// <summary>A sample's way through the coordinator: queue, merge, publish.</summary>
    public const string CoordinatorSource = "LoptCluster.Coordinator";

    /// <summary>A sample's way through a worker: sample (until it is acknowledged), unroll.</summary>
    public const string WorkerSource = "LoptCluster.Worker";
}
