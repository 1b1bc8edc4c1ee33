using LoptCluster.Coordinator.Reporting;
using LoptCluster.Protocol.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Coordinator.Loop;

/// <summary>Readiness: workers may join, or the run is finished and serves θ; not while the coordinator is on its way down.</summary>
internal sealed class RunReady(RunFailure failure, StatusBoard status) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
        failure.Exception is not null ? HealthCheckResult.Unhealthy("the run loop failed")
        : status.Current.State == RunState.Draining ? HealthCheckResult.Unhealthy("draining")
        : HealthCheckResult.Healthy());
}
