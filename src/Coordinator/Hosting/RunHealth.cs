using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.OuterTraining;
using LoptCluster.Protocol.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Coordinator.Hosting;

/// <summary>The run loop has not died.</summary>
internal sealed class RunAlive(RunFailure failure) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(failure.Exception is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the run loop failed"));
}

/// <summary>Workers may join, or the run is finished and θ can be had; not while the coordinator is on its way down.</summary>
internal sealed class RunReady(RunFailure failure, StatusBoard status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        failure.Exception is not null ? HealthCheckResult.Unhealthy("the run loop failed")
        : status.Current.State == RunState.Draining ? HealthCheckResult.Unhealthy("draining")
        : HealthCheckResult.Healthy());
}
