using System.Text.Json;
using LoptCluster.Engine.ThetaFiles;
using Xunit;

namespace LoptCluster.Cli.Tests.Training;

/// <summary>Whole runs with real coordinator and worker processes, as small as they can be.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private static readonly string[] Tiny =
    [
        "--set", "innerSteps=20", "truncationFirst=5", "truncationLast=10", "truncationRampUpdates=3", "batchSamples=4",
        "evaluateEveryUpdates=3",
        "evaluationTasks=1", "comparisonTasks=3", "trainImagesPerClass=20", "validImagesPerClass=10",
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("lopt-train-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Train_TinyRun_LeavesTheWholeFolder()
    {
        string run = Path.Combine(_root, "run");

        var train = await CliRun.OfAsync(["train", "--run", run, "--workers", "2", "--slots", "1", .. Tiny, "outerUpdates=6"]);

        Assert.True(train.Status == 0, train.Error + train.Output + Logs(run));
        Assert.Contains("θ of 610 parameters", train.Output);
        Assert.Contains("update 6/6", train.Output);
        Assert.Contains("held-out tasks, validation loss", train.Output);
        Assert.Contains("<svg", File.ReadAllText(Path.Combine(run, "report.html")));
        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json"))).RootElement;
        Assert.Equal(6, summary.GetProperty("outerUpdates").GetInt64());
        Assert.Equal(3, summary.GetProperty("comparison").GetProperty("tasks").GetInt32());
        Assert.InRange(
            summary.GetProperty("comparison").GetProperty("against").GetProperty("adam").GetProperty("shareWon").GetDouble(), 0, 1);
        Assert.Equal(610, ThetaFile.Read(Path.Combine(run, "theta.safetensors")).Theta.Length);

        var evaluation = await CliRun.OfAsync("evaluate", Path.Combine(run, "theta.safetensors"), "--json");

        Assert.True(evaluation.Status == 0, evaluation.Error);
        var against =
            JsonDocument.Parse(evaluation.Output).RootElement.GetProperty("comparison").GetProperty("against").GetProperty("adam");
        Assert.Equal(
            summary.GetProperty("comparison").GetProperty("against").GetProperty("adam").GetProperty("medianImprovement").GetDouble(),
            against.GetProperty("medianImprovement").GetDouble());
    }

    [Fact]
    public async Task Train_Stopped_SaysHowToContinue()
    {
        string run = Path.Combine(_root, "run");

        var stopped = await StoppedRunAsync(run);

        Assert.Equal((130, ""), (stopped.Status, stopped.Error));
        Assert.Contains($"To continue: lopt train --resume --run {run}", stopped.Output);
    }

    [Fact]
    public async Task Resume_StoppedRun_Continues()
    {
        string run = Path.Combine(_root, "run");
        await StoppedRunAsync(run);

        var resumed = await CliRun.StoppedAsync("update", ["train", "--resume", "--run", run]);

        Assert.Equal(130, resumed.Status);
        Assert.Contains("/100,000 ·", resumed.Output);
    }

    [Theory]
    [InlineData("is not empty")]
    [InlineData("--resume keeps the run's own values", "--resume", "--set", "seed=2")]
    public async Task Train_FolderOfAnotherRun_IsRefused(string reason, params string[] arguments)
    {
        string run = Path.Combine(_root, "run");
        await StoppedRunAsync(run);

        var refused = await CliRun.OfAsync(["train", "--run", run, .. arguments]);

        Assert.Equal(2, refused.Status);
        Assert.Contains(reason, Assert.Single(refused.ErrorLines));
    }

    [Fact]
    public async Task Train_DataFolderMissing_IsOneLineAndNothingIsStarted()
    {
        string run = Path.Combine(_root, "run");

        var train = await CliRun.OfAsync(["train", "--run", run, "--data", Path.Combine(_root, "nothing"), .. Tiny]);

        Assert.Equal(2, train.Status);
        Assert.StartsWith($"The folder '{Path.Combine(_root, "nothing")}' does not exist", Assert.Single(train.ErrorLines));
        Assert.False(Directory.Exists(run));
    }

    private static Task<CliRun> StoppedRunAsync(string run) =>
        CliRun.StoppedAsync("update", ["train", "--run", run, "--slots", "1", .. Tiny, "outerUpdates=100000"]);

    private static string Logs(string run) => !Directory.Exists(Path.Combine(run, "logs"))
        ? ""
        : string.Concat(Directory.EnumerateFiles(Path.Combine(run, "logs")).Select(file => $"\n{file}\n{File.ReadAllText(file)}"));
}
