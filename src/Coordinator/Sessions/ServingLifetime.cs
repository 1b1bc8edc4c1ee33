using Grpc.Core;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>End of serving: streams to watchers end with it, so that the server need not wait for them.</summary>
internal sealed class ServingLifetime : IDisposable
{
    private readonly CancellationTokenSource _over = new();

    public void End() => _over.Cancel();

    /// <summary>Cancelled when the caller goes away or the coordinator stops.</summary>
    public CancellationTokenSource Within(ServerCallContext context) => Within(context.CancellationToken);

    /// <inheritdoc cref="Within(ServerCallContext)"/>
    public CancellationTokenSource Within(CancellationToken caller) => CancellationTokenSource.CreateLinkedTokenSource(caller, _over.Token);

    public CancellationTokenRegistration WhenOver(Action action) => _over.Token.Register(action);

    public void Dispose() => _over.Dispose();
}
