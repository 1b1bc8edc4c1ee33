using System.Diagnostics.Metrics;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>What System.Runtime does not tell of a process: how much memory it may use, so that an alert can come before the limit does.</summary>
internal sealed class ProcessMetrics
{
    public ProcessMetrics(IMeterFactory factory)
    {
        long limit = MemoryLimit.Read();
        factory.Create(InstrumentNames.ProcessMeter).CreateObservableGauge(
            InstrumentNames.ProcessMemoryLimit, () => limit, "By", "Memory that the process may use: the container's limit, else the machine's.");
    }
}
