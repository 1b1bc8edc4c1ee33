using LoptCluster.Hosting.Credentials;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Security;

/// <summary>Follows the files of certificates and tokens while the process runs.</summary>
internal sealed class CredentialWatch(IEnumerable<IReloaded> credentials, TimeProvider time, ILogger<CredentialWatch> log)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var credential in credentials) credential.Refresh(log);
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }
}
