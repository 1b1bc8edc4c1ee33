using System.Text.Json;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Replay;

/// <summary>The commands on a run that real processes have trained asynchronously.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private const int Updates = 6;

    private static readonly string[] Tiny =
    [
        "--set", "innerSteps=20", "truncationFirst=5", "truncationLast=10", "truncationRampUpdates=3", "batchSamples=4",
        "evaluateEveryUpdates=0", "comparisonTasks=1", "trainImagesPerClass=20", "validImagesPerClass=10", $"outerUpdates={Updates}",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_WithTheLedger_IsReplayedAskedAndPruned()
    {
        string run = _folder.PathOf("run"), other = _folder.PathOf("other.safetensors");
        var train = await CliRun.OfAsync(["train", "--run", run, "--workers", "2", "--slots", "1", "--ledger", "full", .. Tiny]);
        Assert.True(train.Status == 0, train.Error + train.Output);

        var same = await CliRun.OfAsync("replay", run);
        Assert.Equal((0, ""), (same.Status, same.Error));
        Assert.StartsWith(
            $"Every θ of outer-updates 1 to {Updates} has the bits of the run's ({4 * Updates} samples, 0 of them unrolled again",
            same.Output, StringComparison.Ordinal);

        var unrolled = Json(await CliRun.OfAsync("replay", run, "--recompute", "--json"));
        Assert.Equal((true, 4 * Updates), (Value(unrolled, "identical").GetBoolean(), Value(unrolled, "samplesUnrolledAgain").GetInt32()));

        // A file is where the folder of the output would be: said before anything is unrolled.
        var refused = await CliRun.OfAsync("replay", run, "--recompute", "-o", Path.Combine(run, "run.db", "x.safetensors"));
        Assert.Equal((2, ""), (refused.Status, refused.Output));
        Assert.Contains("--output '", Assert.Single(refused.ErrorLines));

        var whatIf = await CliRun.OfAsync("replay", run, "--estimator", "es", "--clip", "0", "-o", other);
        Assert.True(whatIf.Status == 0, whatIf.Error);
        Assert.Contains(
            "What if estimator had been \"es\" instead of \"merged\" and gradientClip had been 0 instead of 0.1: ", whatIf.Output);
        Assert.Contains("<svg", await File.ReadAllTextAsync(Path.Combine(run, "replay.html"), TestContext.Current.CancellationToken));
        var asked = Json(await CliRun.OfAsync("replay", run, "--estimator", "es", "--clip", "0", "--json"));
        var theta = ThetaFile.Read(other).Theta;
        Assert.Equal(Updates, theta.Version);
        Assert.Equal(Value(asked, "thetaSha256").GetString(), Convert.ToHexStringLower(theta.Checksum()));
        Assert.NotEqual(Value(unrolled, "thetaSha256").GetString(), Value(asked, "thetaSha256").GetString());
        Assert.Equal(Updates, Value(asked, "updates").GetArrayLength());

        var sample = await CliRun.OfAsync("sample", run, "0", "1");
        Assert.True(sample.Status == 0, sample.Error);
        Assert.Contains("It is the same bit for bit: losses and g_rp.", sample.Output);

        string backup = _folder.PathOf("copy.db"), ledger = _folder.PathOf("copy.ledger.db");
        var copied = await CliRun.OfAsync("backup", "--run", run, "-o", backup);
        Assert.Contains($"with its gradients in '{ledger}'", copied.Output);
        string restored = _folder.PathOf("restored");
        Directory.CreateDirectory(restored);
        File.Move(backup, Path.Combine(restored, "run.db"));
        File.Move(ledger, Path.Combine(restored, "ledger.db"));
        Assert.Equal(same.Output.Split(" in ")[0], (await CliRun.OfAsync("replay", restored)).Output.Split(" in ")[0]);

        var pruned = await CliRun.OfAsync("prune", run, "--keep", "2");
        Assert.Contains($"A replay begins at version {Updates - 2} of θ.", pruned.Output);
        var rest = await CliRun.OfAsync("replay", run);
        Assert.StartsWith($"Every θ of outer-updates {Updates - 1} to {Updates} has ", rest.Output, StringComparison.Ordinal);

        File.Delete(Path.Combine(restored, "ledger.db"));
        string changed = Path.Combine(restored, "run.db");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={changed};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE theta SET \"values\" = zeroblob(length(\"values\")) WHERE version = 3";
            command.ExecuteNonQuery();
        }

        var differs = await CliRun.OfAsync("replay", restored, "--estimator", "es");
        Assert.Equal(0, differs.Status);
        differs = await CliRun.OfAsync("replay", restored);
        Assert.Equal(1, differs.Status);
        Assert.Contains("differs", differs.Output);
    }

    private static JsonElement Json(CliRun run)
    {
        Assert.True(run.Status == 0, run.Error + run.Output);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static JsonElement Value(JsonElement element, string name) => element.GetProperty(name);
}
