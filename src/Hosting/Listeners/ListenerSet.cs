using System.Net;
using System.Net.Sockets;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Shared;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace LoptCluster.Hosting.Listeners;

/// <summary>Listening ports of a program. Created before the server starts; provides the bound addresses afterwards.</summary>
public sealed class ListenerSet
{
    private readonly List<(Listener Kind, string Option, string Scheme, ListenOptions Listen)> _all = [];

    /// <summary>Opens a port for <paramref name="kind"/> when the server starts.</summary>
    public void Add(KestrelServerOptions kestrel, Listener kind, string option, IPEndPoint endpoint, ServerTls? tls)
    {
        kestrel.Listen(endpoint, listen =>
        {
            listen.Protocols = kind != Listener.Web
                ? HttpProtocols.Http2
                : tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (tls is not null)
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(tls.Options()) });
            listen.Use(next => connection =>
            {
                connection.Features.Set(new ListenerFeature(kind));
                return next(connection);
            });
            _all.Add((kind, option, tls is null ? "http" : "https", listen));
        });
    }

    /// <summary>URL of a port, available after the start; null if the port is disabled.</summary>
    public string? Address(Listener kind)
    {
        var (_, _, scheme, listen) = _all.Find(l => l.Kind == kind);
        return listen is null ? null : $"{scheme}://{listen.IPEndPoint}";
    }

    /// <summary>What the port is for that Kestrel is about to open; it passes the endpoint that it was given.</summary>
    internal Listener KindOf(EndPoint endpoint) => _all.Single(l => ReferenceEquals(l.Listen.EndPoint, endpoint)).Kind;

    /// <summary>Opens a port and closes it again, so that one that is taken is refused before anything else is done.</summary>
    /// <exception cref="UserErrorException">The port is taken, or may not be opened.</exception>
    public static void Probe(string option, IPEndPoint endpoint)
    {
        if (endpoint.Port == 0) return;
        try
        {
            // As Kestrel will open it.
            SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint).Dispose();
        }
        catch (SocketException e)
        {
            throw CannotOpen($"{option} '{endpoint}'", e);
        }
    }

    /// <summary>User error for a failure to open a port, with the option that names the port.</summary>
    public UserErrorException CannotOpen(IOException failure)
    {
        var (_, option, _, listen) = _all.Find(l => failure.Message.Contains($"{l.Listen.IPEndPoint}", StringComparison.Ordinal));
        string which = listen is null ? "--listen" : $"{option} '{listen.IPEndPoint}'";
        return CannotOpen(which, failure);
    }

    private static UserErrorException CannotOpen(string which, Exception failure) => new(
        $"{which} cannot be opened: {failure.Message.TrimEnd('.')}. Use another port, or 0 for any free one.", failure);
}

/// <summary>Connection feature that holds the port on which the connection arrived.</summary>
internal sealed record ListenerFeature(Listener Kind);
