using System.Threading.Channels;

namespace LoptCluster.ClusterTestKit;

/// <summary>Workers that have sent Hello to a <see cref="ScriptedCoordinator"/>, and the signal that cuts their connections.</summary>
internal sealed class JoiningWorkers
{
    public Channel<WorkerConnection> Joined { get; } = Channel.CreateUnbounded<WorkerConnection>();

    public CancellationTokenSource Cut { get; } = new();
}
