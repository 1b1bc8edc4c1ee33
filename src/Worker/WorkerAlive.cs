using LoptCluster.Worker.Unrolling;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Worker;

/// <summary>Healthy while no slot has failed: a worker that waits for its coordinator is alive.</summary>
internal sealed class WorkerAlive(UnrollPool pool) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(pool.Failed.IsCompleted ? HealthCheckResult.Unhealthy("a slot failed") : HealthCheckResult.Healthy());
}
