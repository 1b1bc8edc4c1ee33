using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Protocol.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoptCluster.Coordinator.Loop;

/// <summary>Readiness: workers may join, or a run is finished and serves θ; not while the coordinator is on its way down.</summary>
internal sealed class RunReady(RunHosts runs) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            runs.Open.Any(r => r.Failure is null && r.Get<StatusBoard>().Current.State != RunState.Draining)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy(runs.Open.Any(r => r.Failure is null) ? "draining" : "the run loop failed"));
}
