using LoptCluster.Worker.Telemetry;
using LoptCluster.Worker.Unrolling;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Worker.Hosting;

/// <summary>No slot has failed. A worker that waits for its coordinator is alive.</summary>
internal sealed class WorkerAlive(Workshop workshop) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(workshop.Failed.IsCompleted ? HealthCheckResult.Unhealthy("a slot failed") : HealthCheckResult.Healthy());
}

/// <summary>Joined to its coordinator.</summary>
internal sealed class WorkerReady(WorkerMetrics metrics) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(metrics.IsConnected ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not connected to the coordinator"));
}
