using LoptCluster.Coordinator.Hosts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Coordinator.Loop;

/// <summary>Liveness: a run loop lives, or has ended in order.</summary>
internal sealed class RunAlive(RunHosts runs) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            runs.Open.Any() && runs.Open.All(r => r.Failure is not null)
                ? HealthCheckResult.Unhealthy("the run loop failed")
                : HealthCheckResult.Healthy());
}
