using System.Net;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Shared;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LoptCluster.Coordinator;

/// <summary>
/// The coordinator's ports, checked against what may be open to whom: loopback needs nothing, anything else TLS and tokens, or --insecure.
/// </summary>
/// <remarks>The health port needs nothing anywhere: it says one word.</remarks>
internal sealed class CoordinatorListeners
{
    private readonly IPEndPoint _grpc;
    private readonly IPEndPoint? _web;
    private readonly IPEndPoint? _health;

    /// <exception cref="UserErrorException">
    /// An address or host name is none, an address may not be opened like that, the certificate cannot be read, or the process may have
    /// too few connections.
    /// </exception>
    public CoordinatorListeners(CoordinatorOptions options)
    {
        ConnectionLimits.Check(options.Study?.Runs.Count ?? 1);
        _grpc = Allowed("--listen", options.Listen, options);
        _web = options.Web is null or ListenAddress.Off ? null : Allowed("--web", options.Web, options);
        _health = ListenAddress.ParseOptional("--health", options.Health);
        foreach (string host in options.AllowedHosts.Where(h => Uri.CheckHostName(h) == UriHostNameType.Unknown))
            throw new UserErrorException($"--allowed-host '{host}' is not a host name. Give the name alone, without scheme and port.");
        if (options.TlsCertificateFile is { } certificate) Tls = new ServerTls(certificate, options.TlsKeyFile!, options.ClientCaFile);
    }

    /// <summary>TLS of the ports; null: they are plain http.</summary>
    public ServerTls? Tls { get; }

    public bool HasWeb => _web is not null;

    public ListenerSet Set { get; } = new();

    /// <exception cref="UserErrorException">A port is taken, or may not be opened.</exception>
    public void Probe()
    {
        ListenerSet.Probe("--listen", _grpc);
        if (_web is not null) ListenerSet.Probe("--web", _web);
        if (_health is not null) ListenerSet.Probe("--health", _health);
    }

    public void Open(KestrelServerOptions kestrel)
    {
        ConnectionLimits.Apply(kestrel.Limits);
        kestrel.AddServerHeader = false;
        Set.Add(kestrel, Listener.Grpc, "--listen", _grpc, Tls);
        if (_web is not null) Set.Add(kestrel, Listener.Web, "--web", _web, Tls);
        if (_health is not null) Set.Add(kestrel, Listener.Health, "--health", _health, null);
    }

    /// <summary>The address of an option, if it may be opened like that.</summary>
    /// <exception cref="UserErrorException">It is none, or would be open to others unguarded.</exception>
    internal static IPEndPoint Allowed(string option, string address, CoordinatorOptions options)
    {
        var endpoint = ListenAddress.Parse(option, address);
        if (options.TlsCertificateFile is not null != options.TlsKeyFile is not null)
            throw new UserErrorException("--tls-cert and --tls-key belong together; give both or neither.");
        if (options.ClientCaFile is not null && options.TlsCertificateFile is null)
        {
            throw new UserErrorException(
                "--client-ca asks for clients' certificates, which needs TLS. Give --tls-cert and --tls-key too.");
        }

        if (IPAddress.IsLoopback(endpoint.Address) || options.Insecure || (options.TlsCertificateFile is not null && options.Tokens.All))
            return endpoint;
        throw new UserErrorException(
            $"{option} {endpoint} can be reached from other machines. Give --tls-cert and --tls-key and a token for each role "
                + $"(LOPT_WORKER_TOKEN, LOPT_READER_TOKEN, LOPT_OPERATOR_TOKEN or the same with _FILE), or listen on 127.0.0.1, or say "
                    + $"--insecure.");
    }
}
