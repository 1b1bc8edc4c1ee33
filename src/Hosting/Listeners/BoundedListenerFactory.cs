using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Hosting.Listeners;

/// <summary>
/// Kestrel's sockets, where a connection beyond the bounds is closed before the next is accepted. Kestrel's own limit closes it meanwhile,
/// so a flood of connections takes all descriptors of the process, and ends it.
/// </summary>
/// <remarks>The health port has a count of its own: whoever holds all other connections must not have the program restarted.</remarks>
internal sealed class BoundedListenerFactory(
    SocketTransportFactory sockets, ListenerSet listeners, ConnectionBounds bounds, TimeProvider time, ILogger<OpenConnections> log)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private static readonly ConnectionBounds Probes = new(InAll: 64, OfPeer: 32);

    private readonly OpenConnections _open = new(bounds, time, log);
    private readonly OpenConnections _probes = new(Probes, time, log);

    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken) =>
        new BoundedListener(
            await sockets.BindAsync(endpoint, cancellationToken), listeners.KindOf(endpoint) == Listener.Health ? _probes : _open);

    private sealed class BoundedListener(IConnectionListener inner, OpenConnections open) : IConnectionListener
    {
        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken)
        {
            while (await inner.AcceptAsync(cancellationToken) is { } connection)
            {
                if (connection.RemoteEndPoint is not IPEndPoint remote) return connection;
                if (open.TryAdd(remote.Address)) return new CountedConnection(connection, remote.Address, open);
                connection.Abort(new ConnectionAbortedException("There are too many connections."));
                await connection.DisposeAsync();
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken) => inner.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>A connection that is counted until its socket is closed.</summary>
    private sealed class CountedConnection(ConnectionContext inner, IPAddress address, OpenConnections open) : ConnectionContext
    {
        private int _ended;

        public override string ConnectionId
        {
            get => inner.ConnectionId;
            set => inner.ConnectionId = value;
        }

        public override IFeatureCollection Features => inner.Features;

        public override IDictionary<object, object?> Items
        {
            get => inner.Items;
            set => inner.Items = value;
        }

        public override IDuplexPipe Transport
        {
            get => inner.Transport;
            set => inner.Transport = value;
        }

        public override CancellationToken ConnectionClosed
        {
            get => inner.ConnectionClosed;
            set => inner.ConnectionClosed = value;
        }

        public override EndPoint? LocalEndPoint
        {
            get => inner.LocalEndPoint;
            set => inner.LocalEndPoint = value;
        }

        public override EndPoint? RemoteEndPoint
        {
            get => inner.RemoteEndPoint;
            set => inner.RemoteEndPoint = value;
        }

        public override void Abort() => inner.Abort();

        public override void Abort(ConnectionAbortedException abortReason) => inner.Abort(abortReason);

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await inner.DisposeAsync();
            }
            finally
            {
                if (Interlocked.Exchange(ref _ended, 1) == 0) open.Remove(address);
            }
        }
    }
}
