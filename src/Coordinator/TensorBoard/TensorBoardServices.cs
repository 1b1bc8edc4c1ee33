using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.TensorBoard;

/// <summary>Registers the writer of event files.</summary>
internal static class TensorBoardServices
{
    /// <summary>Hosted services stop in reverse order: register this before the run loop, so that it sees the last update.</summary>
    public static IServiceCollection AddEventFiles(this IServiceCollection services) => services.AddHostedService<EventFileWriter>();
}
