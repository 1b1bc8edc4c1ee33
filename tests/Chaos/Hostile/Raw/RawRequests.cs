using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile.Raw;

/// <summary>HTTP/2 requests whose bodies are no frames of gRPC, or whose headers are none of it.</summary>
internal sealed class RawRequests(Victim victim, Random random, AttackReport report) : IDisposable
{
    private const string Field = "frames of a request";
    private const string Grpc = "application/grpc";

    private static readonly string Join = $"/{OuterTraining.Descriptor.FullName}/Join";
    private static readonly string GetTheta = $"/{ThetaService.Descriptor.FullName}/GetTheta";

    private readonly HttpClient _client = new(new SocketsHttpHandler())
    {
        BaseAddress = victim.Address,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = HostileStream.Patience,
    };

    public async Task<int> StepAsync(CancellationToken cancellation)
    {
        var (name, path, body, type, token) = Draw();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (token is not null) request.Headers.TryAddWithoutValidation("authorization", $"Bearer {token}");
        string answer;
        bool refused;
        try
        {
            using var response = await _client.SendAsync(request, cancellation);
            await response.Content.ReadAsByteArrayAsync(cancellation);
            string status = Header(response.TrailingHeaders) ?? Header(response.Headers) ?? "none";
            refused = response.StatusCode != HttpStatusCode.OK || IsRefusal(status);
            answer = $"HTTP {(int)response.StatusCode}, grpc-status {status}";
        }
        catch (HttpRequestException e)
        {
            (refused, answer) = (true, $"connection ended: {e.HttpRequestError}");
        }

        report.Note(Field, name, 1, "request refused with a status");
        if (!refused) report.Find(Field, name, "a status that refuses", answer);
        return 1;
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Unknown and Internal are failures of the coordinator, unless gRPC itself says so of a frame.</summary>
    private static bool IsRefusal(string status) =>
        int.TryParse(status, out int code) && (StatusCode)code is not (StatusCode.OK or StatusCode.Unknown);

    private static string? Header(HttpResponseHeaders headers) =>
        headers.TryGetValues("grpc-status", out var values) ? values.First() : null;

    private (string Name, string Path, byte[] Body, string Type, string? Token) Draw()
    {
        string path = random.Next(2) == 0 ? Join : GetTheta, token = path == Join ? victim.WorkerToken : victim.ReaderToken;
        byte[] noise = Bytes(random.Next(1, 300));
        return random.Next(10) switch
        {
            0 => ("a frame that is cut", path, Frame(0, 100, noise[..Math.Min(noise.Length, 50)]), Grpc, token),
            1 => ("a header that is cut", path, [0, 0, 0], Grpc, token),
            2 => ("a frame of 4 GiB", path, Frame(0, uint.MaxValue, noise), Grpc, token),
            3 => ("a compressed frame without an encoding", path, Frame(1, (uint)noise.Length, noise), Grpc, token),
            4 => ("a flag that there is not", path, Frame(0x7F, (uint)noise.Length, noise), Grpc, token),
            5 => ("a service that there is not", "/lopt.v9.Nothing/Do", Frame(0, 0, []), Grpc, token),
            6 => ("a method that there is not", $"/{OuterTraining.Descriptor.FullName}/Leave", Frame(0, 0, []), Grpc, token),
            7 => ("another content type", path, noise, "application/json", token),
            8 => ("no token", path, Frame(0, 0, []), Grpc, null),
            _ => ("a wrong token", path, Frame(0, 0, []), Grpc, "wrong"),
        };
    }

    private static byte[] Frame(byte flag, uint length, byte[] body)
    {
        byte[] frame = new byte[5 + body.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length);
        body.CopyTo(frame, 5);
        return frame;
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
