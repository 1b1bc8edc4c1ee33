using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Coordinator.Loop;

/// <summary>Liveness: the run loop has not died.</summary>
internal sealed class RunAlive(RunFailure failure) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(failure.Exception is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the run loop failed"));
}
