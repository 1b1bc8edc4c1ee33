using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Status = LoptCluster.Protocol.V1.Status;

namespace LoptCluster.Cli.Tests.Fleet;

/// <summary>A gRPC server on loopback that says what a test wants said: for what a real coordinator says only now and then, or never.</summary>
internal sealed class ScriptedCoordinator : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ScriptedCoordinator(WebApplication application) => _application = application;

    public string Address => new Uri(_application.Urls.Single()).Authority;

    public static async Task<ScriptedCoordinator> StartAsync(Script script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(script);
        var application = builder.Build();
        application.MapGrpcService<OperationsOfScript>();
        application.MapGrpcService<ThetaOfScript>();
        await application.StartAsync();
        return new ScriptedCoordinator(application);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    /// <summary>What the server says.</summary>
    internal sealed class Script
    {
        /// <summary>One stream of statuses for each call of WatchStatus; after the last, Unavailable.</summary>
        public Queue<Status[]> Streams { get; } = new();

        public Status Status { get; set; } = new() { State = RunState.Running };

        public float[] Theta { get; set; } = [1, 2, 3];

        public bool DamageChecksum { get; set; }

        /// <summary>Required of every call; null: none.</summary>
        public string? Token { get; set; }

        public void Check(ServerCallContext context)
        {
            if (Token is not null && context.RequestHeaders.GetValue("authorization") != $"Bearer {Token}")
                throw new RpcException(new Grpc.Core.Status(StatusCode.Unauthenticated, "token"));
        }
    }

    private sealed class OperationsOfScript(Script script) : Operations.OperationsBase
    {
        public override Task<Status> GetStatus(GetStatusRequest request, ServerCallContext context)
        {
            script.Check(context);
            return Task.FromResult(script.Status);
        }

        public override async Task WatchStatus(WatchStatusRequest request, IServerStreamWriter<Status> responseStream, ServerCallContext context)
        {
            script.Check(context);
            if (!script.Streams.TryDequeue(out var statuses)) throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "gone"));
            foreach (var status in statuses) await responseStream.WriteAsync(status, context.CancellationToken);
        }
    }

    private sealed class ThetaOfScript(Script script) : ThetaService.ThetaServiceBase
    {
        public override Task<GetThetaResponse> GetTheta(GetThetaRequest request, ServerCallContext context)
        {
            script.Check(context);
            if (request.WhichCase == GetThetaRequest.WhichOneofCase.Best) throw new RpcException(new Grpc.Core.Status(StatusCode.NotFound, "nothing was evaluated yet"));
            byte[] checksum = SHA256.HashData(MemoryMarshal.AsBytes<float>(script.Theta));
            if (script.DamageChecksum) checksum[0] ^= 1;
            var theta = new Theta { Version = request.WhichCase == GetThetaRequest.WhichOneofCase.Version ? request.Version : 99, Checksum = ByteString.CopyFrom(checksum) };
            theta.Values.AddRange(script.Theta);
            return Task.FromResult(new GetThetaResponse
            {
                Theta = theta,
                RunId = "run",
                SpecificationJson = SpecificationJson.Serialize(PresetCatalog.Load("quickstart")),
                BestOuterTrainLoss = double.NaN,
            });
        }
    }
}
