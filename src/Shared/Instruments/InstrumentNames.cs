namespace LoptCluster.Shared.Instruments;

/// <summary>Names of the meters, for whoever collects them.</summary>
public static class InstrumentNames
{
    public const string CoordinatorMeter = "LoptCluster.Coordinator";
    public const string WorkerMeter = "LoptCluster.Worker";
}
