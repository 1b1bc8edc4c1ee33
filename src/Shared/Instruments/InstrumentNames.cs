namespace LoptCluster.Shared.Instruments;

/// <summary>Names of the meters and activity sources, by which collectors subscribe.</summary>
public static class InstrumentNames
{
    public const string CoordinatorMeter = "LoptCluster.Coordinator";
    public const string WorkerMeter = "LoptCluster.Worker";

    /// <summary>Meter of figures that coordinator and worker share.</summary>
    public const string ProcessMeter = "LoptCluster.Process";

    public const string ProcessMemoryLimit = "lopt.process.memory_limit";

    /// <summary>Source of the activities of a sample in the coordinator: queue, merge, publish.</summary>
    public const string CoordinatorSource = "LoptCluster.Coordinator";

    /// <summary>Source of the activities of a sample in a worker: sample (until acknowledged), unroll.</summary>
    public const string WorkerSource = "LoptCluster.Worker";
}
