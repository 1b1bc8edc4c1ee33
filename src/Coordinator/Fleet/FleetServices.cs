using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>Registers what keeps the runs of the process and shares the workers among them.</summary>
internal static class FleetServices
{
    public static IServiceCollection AddFleet(this IServiceCollection services) => services
        .AddSingleton<WorkerPlaces>()
        .AddSingleton<StateMemory>()
        .AddHostedService<RunKeeper>();
}
