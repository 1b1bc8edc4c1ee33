using LoptCluster.Coordinator.Reporting;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Operations;

/// <summary>Registers what operators and readers use.</summary>
internal static class OperationsServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .AddSingleton<StatusBoard>()
        .AddSingleton<QuarantineComposer>();
}
