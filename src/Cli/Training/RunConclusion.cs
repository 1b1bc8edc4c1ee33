using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Datasets;

namespace LoptCluster.Cli.Training;

internal sealed class RunConclusion(CliEnvironment environment, TrainRequest request, IImageDataset dataset)
{
    public Task<int> WriteAsync(TrainedRun trained, Func<TimeSpan> elapsed, CancellationToken stop)
    {
        environment.Output.WriteLine($"{request.Folder.Path} {trained.Theta.Version} {dataset.Description} {elapsed()}");
        stop.ThrowIfCancellationRequested();
        return Task.FromResult(0);
    }
}
