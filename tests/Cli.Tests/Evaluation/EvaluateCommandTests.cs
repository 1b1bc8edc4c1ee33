using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Evaluation;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_OutputThatCannotBeWritten_IsRefusedBeforeAnythingIsCompared()
    {
        string file = _folder.PathOf("file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var run = await EvaluateAsync(Path.Combine(file, "folder"));

        Assert.Equal((2, ""), (run.Status, run.Output));
        Assert.StartsWith($"--output '{file}/folder' cannot be written to: ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_Output_HoldsReportAndSummaryAlone()
    {
        var run = await EvaluateAsync(_folder.PathOf("new/folder"));

        Assert.True(run.Status == 0, run.Error);
        Assert.Equal(
            ["report.html", "summary.json"],
            Directory.EnumerateFileSystemEntries(_folder.PathOf("new/folder")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static Task<CliRun> EvaluateAsync(string output) => CliRun.OfAsync(
        "evaluate", "theta:mixture-train", "-o", output, "--set", "comparisonTasks=1", "--set",
        "tasks=[{ innerSteps = 20, hiddenUnits = [8] }]");
}
