using LoptCluster.Cli.Runs;
using LoptCluster.Cli.Training;
using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Training;

public sealed class RunNeedsTests
{
    private const int Planned = 6, Prolonged = 9;

    [Fact]
    public async Task Describe_ProlongedRun_SaysTheUpdatesOfItsNewestPlan()
    {
        using var folder = new TemporaryFolder();
        var specification = SmallRun.Specification with { OuterUpdates = Planned };
        var request = new TrainRequest
        {
            Specification = specification,
            Folder = new RunFolder(folder.Path),
            Launch = new LaunchRecord(),
            Resuming = true,
        };
        Assert.Contains($"  outer     {Planned} updates of", Describe());

        await using (await RunningCoordinator.StartAsync(folder, specification))
            Assert.Contains($"  outer     {Planned} updates of", Describe());
        await using (await RunningCoordinator.StartAsync(folder, with: o => o with { OuterUpdates = Prolonged }))
            Assert.Contains($"  outer     {Prolonged} updates of", Describe());

        string Describe() => string.Join(
            '\n', RunNeeds.Describe(request, DatasetCatalog.OpenRun(specification, null), InnerProblemFactory.BuiltIn));
    }
}
