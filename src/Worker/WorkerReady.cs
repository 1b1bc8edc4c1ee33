using LoptCluster.Worker.Telemetry;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Worker;

/// <summary>Healthy while the worker is connected to its coordinator.</summary>
internal sealed class WorkerReady(WorkerMetrics metrics) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            metrics.IsConnected ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not connected to the coordinator"));
}
