using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Chaos.Hostile.Messages;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using Status = Grpc.Core.Status;

namespace LoptCluster.Chaos.Hostile.Raw;

/// <summary>Calls of people and programs, with every field of their requests spoiled, and with the tokens of other roles.</summary>
internal sealed class HostileCalls(Victim victim, GrpcChannel channel, Random random, AttackReport report)
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>What only an operator may do.</summary>
    private static readonly string[] Commands = ["Pause", "Resume", "Drain", "LiftQuarantine"];

    /// <summary>Every mutation of every field of every request, and the requests as they are.</summary>
    private static readonly ImmutableArray<(MethodDescriptor Method, FieldPath? Path, Mutation? Mutation)> Cases =
    [
        .. from service in (ServiceDescriptor[])[Operations.Descriptor, ThetaService.Descriptor]
           from method in service.Methods
           from path in FieldPath.Of(method.InputType).Append<FieldPath?>(null)
           from mutation in path is null ? [null] : Mutations.Of(path.Field).Cast<Mutation?>()
           select (method, path, mutation),
    ];

    public async Task<int> StepAsync(CancellationToken cancellation)
    {
        var (method, path, mutation) = Cases[random.Next(Cases.Length)];
        var request = method.InputType.Parser.ParseFrom(ByteString.Empty);
        if (path is not null) mutation!.Apply(path.OwnerIn(request), path.Field, random);
        var headers = new Metadata();
        // A worker's token reads nothing, and a reader's commands nothing.
        string who = random.Next(4) switch { 0 => "no token", 1 => "a worker's token", 2 => "no such run", _ => "a reader's token" };
        if (who == "a worker's token") headers.Add("authorization", $"Bearer {victim.WorkerToken}");
        if (who is "no such run" or "a reader's token") headers.Add("authorization", $"Bearer {victim.ReaderToken}");
        if (who == "no such run") headers.Add(RunMetadata.Key, "another");

        var status = await CallAsync(method, request.ToByteArray(), headers, cancellation);
        bool mayRead = who == "a reader's token" && !Commands.Contains(method.Name);
        string expected = who switch
        {
            "no token" => "Unauthenticated",
            _ when mayRead => "OK, or NotFound that names the version",
            "no such run" when !Commands.Contains(method.Name) => "InvalidArgument that names the run",
            _ => "PermissionDenied",
        };
        bool isRight = expected switch
        {
            "Unauthenticated" => status.StatusCode == StatusCode.Unauthenticated,
            "PermissionDenied" => status.StatusCode == StatusCode.PermissionDenied,
            _ when mayRead => status.StatusCode == StatusCode.OK
                || (status.StatusCode == StatusCode.NotFound && status.Detail.Contains('θ', StringComparison.Ordinal))
                || (status.StatusCode == StatusCode.ResourceExhausted),
            _ => status.StatusCode == StatusCode.InvalidArgument && status.Detail.Contains("'another'", StringComparison.Ordinal),
        };
        string field = $"{method.Service.Name}.{method.Name}{(path is null ? "" : $" {path}")}";
        string what = $"{mutation?.Name ?? "as it is"}, {who}";
        report.Note(field, what, 1, mayRead ? "harmless: readers may read" : "call refused with a status");
        if (!isRight) report.Find(field, what, expected, $"{status.StatusCode}: {status.Detail}");
        return 1;
    }

    private async Task<Status> CallAsync(MethodDescriptor method, byte[] request, Metadata headers, CancellationToken cancellation)
    {
        var kind = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var raw = new Method<byte[], byte[]>(kind, method.Service.FullName, method.Name, Bytes, Bytes);
        var options = new CallOptions(headers, DateTime.UtcNow + HostileStream.Patience, cancellation);
        var invoker = channel.CreateCallInvoker();
        try
        {
            if (!method.IsServerStreaming)
            {
                using var unary = invoker.AsyncUnaryCall(raw, null, options, request);
                await unary.ResponseAsync;
                return Status.DefaultSuccess;
            }

            using var stream = invoker.AsyncServerStreamingCall(raw, null, options, request);
            await stream.ResponseStream.MoveNext(cancellation);
            return Status.DefaultSuccess;
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }
}
