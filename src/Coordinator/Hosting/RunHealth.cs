using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.OuterTraining;
using LoptCluster.Protos.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Coordinator.Hosting;

/// <summary>Serving: workers may join, or the run is finished and θ can be had. Not serving: the run loop has died, or the coordinator is on its way down.</summary>
internal sealed class RunHealth(RunFailure failure, StatusBoard status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        failure.Exception is not null ? HealthCheckResult.Unhealthy("the run loop failed")
        : status.Current.State == RunState.Draining ? HealthCheckResult.Unhealthy("draining")
        : HealthCheckResult.Healthy());
}
