using System.Net.Sockets;

namespace LoptCluster.Hosting.Connections;

/// <summary>Finds out why a server that can be reached cannot be spoken to, and says it in words.</summary>
internal sealed class FaultHandler(HttpMessageHandler inner, ClientTls tls, Uri address) : DelegatingHandler(inner)
{
    private readonly PortProbe _probe = new(address);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (ConnectionFaultException.Within(e) is { } fault)
        {
            throw fault;
        }
        catch (HttpRequestException e) when (!IsNobodyThere(e))
        {
            if (await FaultAsync(cancellationToken) is { } fault) throw new ConnectionFaultException(fault, e);
            throw;
        }
    }

    private static bool IsNobodyThere(HttpRequestException e) =>
        e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        || e.InnerException is SocketException { SocketErrorCode: not SocketError.ConnectionReset };

    private async Task<string?> FaultAsync(CancellationToken cancellation)
    {
        var handshake = await _probe.HandshakeAsync(tls.Certificate, cancellation);
        if (address.Scheme == Uri.UriSchemeHttp)
        {
            return handshake is TlsHandshake.Failed
                ? null
                : $"'{address.Authority}' speaks TLS, and was called without. Use https://{address.Authority}.";
        }

        return handshake switch
        {
            TlsHandshake.Failed when await _probe.SpeaksPlainHttpAsync(cancellation) =>
                $"'{address.Authority}' speaks plain http, and was called with TLS. Use http://{address.Authority}, or start the "
                    + "coordinator with --tls-cert and --tls-key.",
            TlsHandshake.CertificateRefused when tls.CertificateInWords is { } certificate =>
                $"'{address.Authority}' does not accept this client's certificate ({certificate}). It must be signed by an authority of "
                    + "the coordinator's --client-ca, and meant for clients (clientAuth).",
            TlsHandshake.CertificateRefused =>
                $"'{address.Authority}' requires a certificate of its clients. Give one with {ClientTlsOptions.CertificateOption} and "
                    + $"{ClientTlsOptions.KeyOption}.",
            _ => null,
        };
    }
}
