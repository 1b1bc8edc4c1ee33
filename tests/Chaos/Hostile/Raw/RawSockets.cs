using System.Net.Sockets;
using System.Text;

namespace LoptCluster.Chaos.Hostile.Raw;

/// <summary>Bytes on a TCP connection that are no HTTP/2.</summary>
internal sealed class RawSockets(Victim victim, Random random, AttackReport report)
{
    private const string Field = "bytes of a connection";
    private static readonly byte[] Preface = Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    public async Task<int> StepAsync(CancellationToken cancellation)
    {
        var (name, bytes) = Draw();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HostileStream.Patience);
        report.Note(Field, name, 1, "connection closed");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(victim.Address.Host, victim.Address.Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(bytes, limit.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            byte[] answer = new byte[4096];
            while (await stream.ReadAsync(answer, limit.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The coordinator has closed it first.
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            report.Find(Field, name, "the connection is closed", $"it was open after {HostileStream.Patience}");
        }

        return 1;
    }

    private (string Name, byte[] Bytes) Draw() => random.Next(6) switch
    {
        0 => ("random", Random(random.Next(1, 3000))),
        1 => ("a request of HTTP/1.1", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
        2 => ("the preface, then random", [.. Preface, .. Random(random.Next(9, 3000))]),
        3 => ("the preface, then a frame of an unknown type", [.. Preface, 0, 0, 4, 0xEE, 0, 0, 0, 0, 0, 1, 2, 3, 4]),
        4 => ("the preface, then data of a stream that there is not", [.. Preface, 0, 0, 1, 0, 1, 0, 0, 0, 9, 1]),
        _ => ("the first bytes of TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, .. Random(64)]),
    };

    private byte[] Random(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
