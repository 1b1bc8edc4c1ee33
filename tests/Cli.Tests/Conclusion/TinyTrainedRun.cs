using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Conclusion;

/// <summary>A run of 6 outer-updates that <c>lopt train</c> has trained and concluded, for all tests of a class.</summary>
public sealed class TinyTrainedRun : IAsyncLifetime
{
    private readonly TemporaryFolder _root = new();

    public string Folder => _root.PathOf("run");

    /// <summary>What it wrote to standard output.</summary>
    public string Printed { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var train = await CliRun.OfAsync(
            "train", "--json", "--run", Folder, "--slots", "1", "--web", "off", "--set", "hiddenUnits=[8]", "innerSteps=20",
            "truncationFirst=5", "truncationLast=10", "truncationRampUpdates=4", "batchSamples=4", "outerUpdates=6",
            "evaluateEveryUpdates=3", "evaluationTasks=2", "comparisonTasks=2");
        Assert.True(train.Status == 0, train.Error + train.Output);
        Printed = train.Output;
    }

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return ValueTask.CompletedTask;
    }
}
