using System.Text.Json.Nodes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Conclusion;

/// <summary>Reports of a run's folder, and of what a fleet's coordinator would have left of it.</summary>
public sealed class ReportCommandTests(TinyTrainedRun trained) : IClassFixture<TinyTrainedRun>, IDisposable
{
    private readonly TemporaryFolder _root = new();

    private string Run => trained.Folder;

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Report_OfATrainedRun_IsWrittenAgainFromTheComparisonThatItKept()
    {
        string html = await File.ReadAllTextAsync(PathOf("report.html"), Cancellation), summary = WithoutTimes(Summary(Run)).ToJsonString();
        File.Delete(PathOf("report.html"));
        File.Delete(PathOf("summary.json"));

        var report = await CliRun.OfAsync("report", Run);

        Assert.True(report.Status == 0, report.Error);
        Assert.DoesNotContain("Comparing", report.Output);
        Assert.Equal(html, await File.ReadAllTextAsync(PathOf("report.html"), Cancellation));
        Assert.Equal(summary, WithoutTimes(Summary(Run)).ToJsonString());
    }

    [Fact]
    public async Task Report_OfAFolderThatHoldsOnlyTheRun_ComparesAndSaysTheSame()
    {
        string fleet = _root.PathOf("fleet"), output = _root.PathOf("new/report");
        Directory.CreateDirectory(fleet);
        foreach (string file in Directory.GetFiles(Run, "run.db*")) File.Copy(file, Path.Combine(fleet, Path.GetFileName(file)));

        var report = await CliRun.OfAsync("report", fleet, "-o", output);

        Assert.True(report.Status == 0, report.Error);
        Assert.Contains("Comparing θ with tuned baselines on 2 held-out tasks", report.Output);
        Assert.Null(Summary(output)["wallSeconds"]);
        Assert.Equal(WithoutTimes(Summary(Run)).ToJsonString(), WithoutTimes(Summary(output)).ToJsonString());
        Assert.Equal(
            await File.ReadAllBytesAsync(PathOf("theta.safetensors"), Cancellation),
            await File.ReadAllBytesAsync(Path.Combine(output, "theta.safetensors"), Cancellation));
        Assert.All(Directory.GetFiles(fleet), file => Assert.StartsWith("run.db", Path.GetFileName(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AsJson_OfTrainAndReport_IsTheSummaryAloneAndWhereTheFilesAre(bool train)
    {
        var report = await CliRun.OfAsync("report", Run, "--json");

        Assert.True(report.Status == 0, report.Error);
        var json = JsonNode.Parse(train ? trained.Printed : report.Output)!.AsObject();
        Assert.Equal(PathOf("theta.safetensors"), (string)json["files"]!["theta"]!);
        Assert.All(
            (string[])["theta", "report", "summary"], name => Assert.True(File.Exists((string)json["files"]![name]!)));
        json.Remove("files");
        Assert.Equal(WithoutTimes(Summary(Run)).ToJsonString(), WithoutTimes(json).ToJsonString());
        Assert.Contains($"report   {PathOf("report.html")}", report.Error);
    }

    [Fact]
    public async Task Evaluate_RunFolder_IsItsBestTheta()
    {
        var ofFolder = await CliRun.OfAsync("evaluate", Run, "--json");
        var ofFile = await CliRun.OfAsync("evaluate", PathOf("theta.safetensors"), "--json");

        Assert.True(ofFolder.Status == 0, ofFolder.Error);
        Assert.Equal(Losses(ofFile), Losses(ofFolder));

        static string Losses(CliRun run) => JsonNode.Parse(run.Output)!["comparison"]!["losses"]!.ToJsonString();
    }

    /// <summary>The coordinator's folder becomes one of lopt train, with the same specification.</summary>
    [Fact]
    public async Task Train_ResumesTheRunOfACoordinator()
    {
        string fleet = _root.PathOf("resumed");
        Directory.CreateDirectory(fleet);
        foreach (string file in Directory.GetFiles(Run, "run.db*")) File.Copy(file, Path.Combine(fleet, Path.GetFileName(file)));

        var resumed = await CliRun.OfAsync("train", "--resume", "--run", fleet, "--web", "off", "--slots", "1");

        Assert.True(resumed.Status == 0, resumed.Error + resumed.Output);
        Assert.Equal(
            await File.ReadAllBytesAsync(PathOf("specification.toml"), Cancellation),
            await File.ReadAllBytesAsync(Path.Combine(fleet, "specification.toml"), Cancellation));
        Assert.Equal(
            await File.ReadAllBytesAsync(PathOf("theta.safetensors"), Cancellation),
            await File.ReadAllBytesAsync(Path.Combine(fleet, "theta.safetensors"), Cancellation));
    }

    [Theory]
    [InlineData("report")]
    [InlineData("evaluate")]
    public async Task FolderWithoutARun_IsOneLine(string command)
    {
        Directory.CreateDirectory(_root.PathOf("empty"));

        var run = await CliRun.OfAsync(command, _root.PathOf("empty"));

        Assert.Equal(2, run.Status);
        Assert.StartsWith($"There is no run in '{_root.PathOf("empty")}'", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_root.PathOf("empty")));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string PathOf(string file) => Path.Combine(Run, file);

    /// <summary>
    /// The training time in the file is that of the last outer-update; computing times are summed in another order; a comparison that is
    /// made again measures other step times.
    /// </summary>
    private static JsonNode WithoutTimes(JsonNode summary)
    {
        summary["wallSeconds"] = summary["trainingSeconds"] = null;
        summary["samples"]!["seconds"] = summary["samples"]!["rpSeconds"] = null;
        summary["comparison"]!["stepSeconds"] = summary["comparison"]!["profiles"] = null;
        return summary;
    }

    private static JsonNode Summary(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "summary.json")))!;
}
