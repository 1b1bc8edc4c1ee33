using LoptCluster.Coordinator.Fleet;
using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Coordinator.Web;
using LoptCluster.Hosting.Listeners;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator;

/// <summary>The gRPC services and web endpoints of a coordinator, and the ports that they are on.</summary>
internal static class CoordinatorServices
{
    public static IServiceCollection AddCoordinatorGrpc(this IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = ProtocolLimits.LargestMessageToCoordinatorBytes;
            grpc.MaxSendMessageSize = ProtocolLimits.LargestMessageBytes;
            grpc.Interceptors.Add<ErrorInterceptor>();
        });
        services.AddGrpcReflection();
        services.AddProgramHealth<RunAlive, RunReady>();
        return services;
    }

    public static void MapCoordinatorServices(this WebApplication app)
    {
        app.MapGrpcService<OuterTrainingService>().On(Listener.Grpc);
        app.MapGrpcService<ThetaService>().On(Listener.Grpc);
        app.MapGrpcService<OperationsService>().On(Listener.Grpc);
        app.MapGrpcReflectionService().On(Listener.Grpc).RequireAuthorization(Roles.Reader);
        app.MapProgramHealth(Listener.Grpc, Listener.Health);
    }

    /// <summary>Maps what the web port answers.</summary>
    public static void MapWeb(this WebApplication app)
    {
        app.MapMetrics().On(Listener.Web).RequireAuthorization(Roles.Reader);
        app.MapLivePage().On(Listener.Web);
    }
}
