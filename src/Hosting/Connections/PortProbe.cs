using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace LoptCluster.Hosting.Connections;

/// <summary>Asks a port what it speaks, on connections of its own, over which nothing of ours is sent.</summary>
internal sealed class PortProbe(Uri address)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>A server that took the handshake but not the client's certificate hangs up within a round trip.</summary>
    private static readonly TimeSpan HangUpLimit = TimeSpan.FromSeconds(1);

    /// <summary>The client's preface and an empty frame of settings (RFC 9113, section 3.4).</summary>
    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    public async Task<TlsHandshake> HandshakeAsync(X509Certificate2? certificate, CancellationToken cancellation)
    {
        using var limit = Limited(cancellation);
        bool isAsked = false, isDone = false;
        try
        {
            using var client = await ConnectAsync(limit.Token);
            await using var stream = new SslStream(client.GetStream());
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = address.DnsSafeHost,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                // Only what the server is like is of interest here; nothing is sent to it.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
                LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
                {
                    // The first call comes before the server has asked for anything.
                    isAsked |= remote is not null;
                    return remote is null ? null! : certificate!;
                },
            };
            await stream.AuthenticateAsClientAsync(options, limit.Token);
            isDone = true;
            if (!isAsked) return TlsHandshake.Done;
            limit.CancelAfter(HangUpLimit);
            await stream.WriteAsync(Preface, limit.Token);
            return await stream.ReadAsync(new byte[1], limit.Token) > 0 ? TlsHandshake.Done : TlsHandshake.CertificateRefused;
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException)
        {
            return isAsked ? TlsHandshake.CertificateRefused : TlsHandshake.Failed;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return isDone ? TlsHandshake.Done : TlsHandshake.Failed;
        }
    }

    /// <summary>Whether the port answers HTTP/2 without TLS, or HTTP/1.</summary>
    public async Task<bool> SpeaksPlainHttpAsync(CancellationToken cancellation)
    {
        using var limit = Limited(cancellation);
        try
        {
            using var client = await ConnectAsync(limit.Token);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Preface, limit.Token);
            byte[] answer = new byte[5];
            await stream.ReadExactlyAsync(answer, limit.Token);
            const byte SettingsFrame = 4;
            return answer.AsSpan().StartsWith("HTTP/"u8) || (answer[0] == 0 && answer[3] == SettingsFrame);
        }
        catch (Exception e) when (e is IOException or SocketException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    private static CancellationTokenSource Limited(CancellationToken cancellation)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(Limit);
        return source;
    }

    private async Task<TcpClient> ConnectAsync(CancellationToken cancellation)
    {
        var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.DnsSafeHost, address.Port, cancellation);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
