using System.Net;
using System.Threading.Channels;
using Grpc.Core;
using LoptCluster.Protocol.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Tests;

/// <summary>A gRPC server on loopback that says to workers what a test wants said.</summary>
internal sealed class ScriptedCoordinator : IAsyncDisposable
{
    /// <summary>Nothing here takes longer than a second; this ends a test that would wait for ever.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _application;
    private readonly Inbox _inbox;

    private ScriptedCoordinator(WebApplication application, Inbox inbox)
    {
        _application = application;
        _inbox = inbox;
    }

    public string Address => _application.Urls.Single();

    public static async Task<ScriptedCoordinator> StartAsync(int port = 0, StatusCode? refuseWith = null)
    {
        var inbox = new Inbox { RefuseWith = refuseWith };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(inbox);
        var application = builder.Build();
        application.MapGrpcService<Service>();
        await application.StartAsync();
        return new ScriptedCoordinator(application, inbox);
    }

    /// <summary>The next worker that says Hello.</summary>
    public async Task<WorkerConnection> AcceptAsync() => await _inbox.Joined.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        CutConnections();
        await _application.DisposeAsync();
    }

    /// <summary>Breaks every stream, and each new one at once.</summary>
    public void CutConnections() => _inbox.Stopping.Cancel();

    private sealed class Inbox
    {
        public Channel<WorkerConnection> Joined { get; } = Channel.CreateUnbounded<WorkerConnection>();

        public CancellationTokenSource Stopping { get; } = new();

        public StatusCode? RefuseWith { get; init; }
    }

    private sealed class Service(Inbox inbox) : OuterTraining.OuterTrainingBase
    {
        public override async Task Join(IAsyncStreamReader<WorkerMessage> up, IServerStreamWriter<CoordinatorMessage> down, ServerCallContext context)
        {
            if (inbox.RefuseWith is { } code) throw new RpcException(new Grpc.Core.Status(code, "refused by the script"));
            await up.MoveNext(context.CancellationToken);
            var connection = new WorkerConnection(up.Current.Hello, context.RequestHeaders.GetValue("authorization"));
            await inbox.Joined.Writer.WriteAsync(connection);
            await using var stop = inbox.Stopping.Token.Register(connection.Break);
            await connection.RunAsync(up, down, context);
        }
    }
}
