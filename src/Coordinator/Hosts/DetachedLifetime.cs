using Microsoft.Extensions.Hosting;

namespace LoptCluster.Coordinator.Hosts;

/// <summary>Lifetime of a run within a process: signals are for the process, which stops its runs.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
