using System.Text.Json;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
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
    public async Task Train_FromAFileThenProlonged_KeepsItsLineage()
    {
        string first = Path.Combine(_root, "first.safetensors"), run = Path.Combine(_root, "run");
        var theta = new ThetaSnapshot(77, OptimizerFamilies.Mlp16.InitialTheta(5));
        ThetaFile.Write(first, new ThetaFileContent(theta, OptimizerKind.Mlp16, "before"));
        ThetaCard.Write(first, new ThetaFileContent(theta, OptimizerKind.Mlp16, "before"), new RunSpecification { Name = "earlier" });

        var train = await CliRun.OfAsync(["train", "--run", run, "--slots", "1", "--from", first, .. Tiny, "outerUpdates=3"]);
        Assert.True(train.Status == 0, train.Error + train.Output + Logs(run));
        var refused = await CliRun.OfAsync("train", "--resume", "--run", run, "--updates", "3");
        var longer = await CliRun.OfAsync("train", "--resume", "--run", run, "--updates", "5");

        Assert.Contains(
            "start     θ version 77 of run before ('earlier'), read from 'first.safetensors'; "
                + "there stepScale is 0.001, stepDecay none, timeInputs steps, momentumInputs true and exponentScale 0.001, "
                + "here stepScale is 0.01,",
            train.Output);
        Assert.Equal(
            (2, $"--updates '3' must be greater than 3, the outer-updates that the run in '{run}' has done."),
            (refused.Status, Assert.Single(refused.ErrorLines)));
        Assert.True(longer.Status == 0, longer.Error + longer.Output + Logs(run));
        Assert.Contains("update 5/5", longer.Output);
        foreach (string file in (string[])["summary.json", "theta.card.json"])
        {
            var lineage = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, file))).RootElement;
            var origin = lineage.GetProperty("origin");
            Assert.Equal(
                ("first.safetensors", Convert.ToHexStringLower(theta.Checksum()), 77, "before", "earlier"),
                (origin.GetProperty("file").GetString(), origin.GetProperty("sha256").GetString(),
                    origin.GetProperty("thetaVersion").GetInt32(), origin.GetProperty("runId").GetString(),
                    origin.GetProperty("preset").GetString()));
            var plan = Assert.Single(lineage.GetProperty("prolongations").EnumerateArray());
            Assert.Equal((3, 5), (plan.GetProperty("fromVersion").GetInt32(), plan.GetProperty("outerUpdates").GetInt32()));
        }

        string report = File.ReadAllText(Path.Combine(run, "report.html"));
        Assert.Contains("It began from θ version 77 of run before", report);
        Assert.Contains("After update 3 it was planned anew to 5 outer-updates.", report);
    }

    [Fact]
    public async Task Train_WithAnAverage_WritesItBesideTheta()
    {
        string run = Path.Combine(_root, "run");

        var train = await CliRun.OfAsync(
            ["train", "--run", run, "--slots", "1", .. Tiny, "outerUpdates=6", "thetaAverageDecay=0.5", "mode=synchronous"]);

        Assert.True(train.Status == 0, train.Error + train.Output + Logs(run));
        var average = ThetaFile.Read(Path.Combine(run, "theta-average.safetensors")).Theta;
        Assert.Equal((6, 610), (average.Version, average.Length));
        var card = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "theta-average.card.json"))).RootElement;
        Assert.Equal(0.5, card.GetProperty("averageDecay").GetDouble());
        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json"))).RootElement.GetProperty("thetaAverage");
        Assert.Equal(6, summary.GetProperty("evaluatedVersion").GetInt32());
        Assert.InRange(summary.GetProperty("outerTrain").GetDouble(), 0.01, 10);
        Assert.Contains("average of θ, held-out tasks", File.ReadAllText(Path.Combine(run, "report.html")));
        await AssertPulledAsync(run, "best", "theta");
        await AssertPulledAsync(run, "average", "theta-average");
        Assert.Equal("2: --version '7x' must be a number of outer-updates, latest, best or average.", await RefusedAsync("7x"));
        Assert.Equal($"2: The run in '{run}' holds no θ version 7. Its newest is 6.", await RefusedAsync("7"));

        async Task<string> RefusedAsync(string version)
        {
            var pull = await CliRun.OfAsync("pull", "--run", run, "--version", version, "-o", Path.Combine(_root, "none.safetensors"));
            return $"{pull.Status}: {Assert.Single(pull.ErrorLines)}";
        }
    }

    /// <summary>What <c>pull --run</c> takes out of run.db has the bytes of the files that the run wrote from its coordinator.</summary>
    private async Task AssertPulledAsync(string run, string version, string name)
    {
        string file = Path.Combine(_root, $"{name}.safetensors");
        var pull = await CliRun.OfAsync("pull", "--run", run, "--version", version, "-o", file);
        Assert.True(pull.Status == 0, pull.Error);
        Assert.Equal(File.ReadAllBytes(Path.Combine(run, $"{name}.safetensors")), File.ReadAllBytes(file));
        Assert.Equal(File.ReadAllText(Path.Combine(run, $"{name}.card.json")), File.ReadAllText(ThetaCard.PathOf(file)));
    }

    [Theory]
    [InlineData("mlp31.safetensors", "holds θ of 'mlp31' (1,090 parameters); the run's optimizer is 'mlp16' (610).")]
    [InlineData("missing.safetensors", "cannot be read")]
    [InlineData("text.safetensors", "is not usable")]
    [InlineData("damaged.safetensors", "SHA-256 does not match")]
    [InlineData("folder", "holds no θ: there is neither 'run.db' nor 'theta.safetensors' in it.")]
    public async Task Train_FromWhatIsNoThetaOfTheRun_IsOneLineAndNothingIsCreated(string name, string reason)
    {
        string run = Path.Combine(_root, "run"), from = Path.Combine(_root, name), valid = Path.Combine(_root, "valid.safetensors");
        var theta = new ThetaSnapshot(1, OptimizerFamilies.Mlp31.InitialTheta(1));
        ThetaFile.Write(Path.Combine(_root, "mlp31.safetensors"), new ThetaFileContent(theta, OptimizerKind.Mlp31, "r"));
        ThetaFile.Write(valid, new ThetaFileContent(new(1, OptimizerFamilies.Mlp16.InitialTheta(1)), OptimizerKind.Mlp16, "r"));
        byte[] damaged = File.ReadAllBytes(valid);
        damaged[^1] ^= 1;
        File.WriteAllBytes(Path.Combine(_root, "damaged.safetensors"), damaged);
        File.WriteAllText(Path.Combine(_root, "text.safetensors"), "This is a text and no file of θ.");
        Directory.CreateDirectory(Path.Combine(_root, "folder"));

        var train = await CliRun.OfAsync(["train", "--run", run, "--from", from, .. Tiny]);
        var coordinator = await CliRun.OfAsync("coordinator", "--run", run, "--preset", "quickstart", "--from", from);

        foreach (var refused in (CliRun[])[train, coordinator])
        {
            Assert.Equal(2, refused.Status);
            string line = Assert.Single(refused.ErrorLines);
            Assert.StartsWith("--from '", line);
            Assert.Contains(reason, line);
        }

        Assert.False(Directory.Exists(run));
    }

    [Theory]
    [InlineData("--from begins a new run, and --resume continues one. Give one of the two.", "--from", "x", "--resume")]
    [InlineData("--updates prolongs a run and requires --resume. A new run takes --set outerUpdates=N.", "--updates", "9")]
    public async Task Train_OptionsThatContradict_AreRefused(string line, params string[] arguments)
    {
        string run = Path.Combine(_root, "run");
        Directory.CreateDirectory(run);
        File.WriteAllText(Path.Combine(run, "specification.toml"), "");

        var refused = await CliRun.OfAsync(["train", "--run", run, .. arguments]);

        Assert.Equal((2, line), (refused.Status, Assert.Single(refused.ErrorLines)));
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
