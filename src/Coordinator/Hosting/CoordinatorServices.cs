using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.OuterTraining;
using LoptCluster.Coordinator.RunStore;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.TensorBoard;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Coordinator.Web;
using LoptCluster.Hosting.Health;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Hosting;

/// <summary>What a coordinator is made of.</summary>
internal static class CoordinatorServices
{
    /// <summary>States that a leaving worker hands back come in one message: half a megabyte for each of its problems.</summary>
    private const int LargestMessageBytes = 512 << 20;

    public static IServiceCollection AddOuterTraining(this IServiceCollection services) => services
        .AddSingleton<RunQueue>()
        .AddSingleton<RunFailure>()
        .AddSingleton<ServingLifetime>()
        .AddSingleton<RunCore>()
        .AddSingleton<RunLoop>()
        // Stopped last, so that it sees the run loop's last update.
        .AddHostedService<EventFileWriter>()
        .AddHostedService(s => s.GetRequiredService<RunLoop>());

    public static IServiceCollection AddThetaServing(this IServiceCollection services) => services
        .AddSingleton<ThetaBoard>()
        .AddSingleton(s => new RunReader(s.GetRequiredService<CoordinatorOptions>().RunDirectory));

    public static IServiceCollection AddOperations(this IServiceCollection services) => services.AddSingleton<StatusBoard>();

    public static IServiceCollection AddCoordinatorGrpc(this IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LargestMessageBytes;
            grpc.MaxSendMessageSize = LargestMessageBytes;
            grpc.Interceptors.Add<ErrorInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddProgramHealth<RunAlive, RunReady>();
        return services;
    }

    public static void MapCoordinatorServices(this WebApplication app)
    {
        app.MapGrpcService<OuterTrainingService>().On(Listener.Grpc);
        app.MapGrpcService<ThetaServing.ThetaService>().On(Listener.Grpc);
        app.MapGrpcService<OperationsService>().On(Listener.Grpc);
        app.MapGrpcReflectionService().On(Listener.Grpc);
        app.MapProgramHealth(Listener.Grpc, Listener.Health);
    }

    /// <summary>What the web port answers.</summary>
    public static void MapWeb(this WebApplication app)
    {
        app.MapMetrics().On(Listener.Web).RequireAuthorization(Roles.Reader);
        app.MapLivePage().On(Listener.Web);
    }
}
