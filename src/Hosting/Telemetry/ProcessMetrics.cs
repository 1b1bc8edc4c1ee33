using System.Diagnostics.Metrics;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Hosting.Telemetry;

/// <summary>
/// Gauge of the memory that the process may use, which System.Runtime does not provide, so that an alert can precede the limit.
/// </summary>
internal sealed class ProcessMetrics
{
    public ProcessMetrics(IMeterFactory factory)
    {
        long limit = MemoryLimit.Read();
        factory.Create(InstrumentNames.ProcessMeter).CreateObservableGauge(
            InstrumentNames.ProcessMemoryLimit,
            () => limit,
            "By",
            "Memory that the process may use: the container's limit, or else the machine's.");
    }
}
