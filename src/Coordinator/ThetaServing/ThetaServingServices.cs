using LoptCluster.Coordinator.Store;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.ThetaServing;

/// <summary>Registers what serves θ.</summary>
internal static class ThetaServingServices
{
    public static IServiceCollection AddThetaServing(this IServiceCollection services) => services
        .AddSingleton<ThetaBoard>()
        .AddSingleton(s => new RunReader(s.GetRequiredService<CoordinatorOptions>().RunDirectory));
}
