using System.Text.Json.Nodes;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Torch.Tests.Modules;
using Xunit;

namespace LoptCluster.Torch.Tests.Crashes;

/// <summary>libtorch crashes for real, in real processes of a real run: that costs the process, and nothing else.</summary>
[Collection("processes")]
public sealed class CrashTests
{
    private const string Endless = "outerUpdates=1000000";

    [LibtorchFact]
    public async Task Worker_LibtorchCrashes_TheRunGoesOnWithTheOtherAndNothingIsCountedTwice()
    {
        using var fleet = TorchFleet.Create(Endless, "torchModule=crashing");
        var coordinator = await fleet.StartCoordinatorAsync();
        var crashing = fleet.StartWorker(CrashAfter(1500));
        fleet.StartWorker();
        var before = await fleet.StatusAsync(s => s.Workers.Count == 2 && s.Workers.All(w => w.Samples > 4));

        int status = await crashing.ExitAsync();

        // 128 + SIGABRT or SIGSEGV: no exception of .NET, and no word of ours.
        Assert.Contains(status, (int[])[134, 139]);
        await fleet.StatusAsync(s => s.Workers.Count == 1);
        var taken = await fleet.StatusAsync(
            s => s.OuterUpdate > before.OuterUpdate + 40 && s.Workers.Single().Problems == TorchFleet.BatchSamples);

        // The problems that it took over are old by now; they get the time to end.
        await fleet.StatusAsync(s => s.OuterUpdate > taken.OuterUpdate + 80);
        await fleet.Operations.DrainAsync(new DrainRequest { Reason = "the test ends" });
        Assert.Equal(0, await coordinator.ExitAsync());
        var file = new RunFile(fleet.RunDirectory);
        file.AssertConsistent(TorchFleet.BatchSamples);
        long newest = file.Scalar("SELECT max(id) FROM problems");
        Assert.Equal(0, file.Scalar($"SELECT count(*) FROM problems WHERE finished = 0 AND id < {newest - (4 * TorchFleet.BatchSamples)}"));
    }

    [LibtorchFact]
    public async Task Train_WorkersCrashAgainAndAgain_AreStartedAgainAndTheRunIsCompared()
    {
        using var fleet = TorchFleet.Create(
            "torchModule=crashing", "outerUpdates=240", "comparisonTasks=1", "innerSteps=20", "trainImagesPerClass=8",
            "validImagesPerClass=8");

        // A worker computes samples of some hundred updates, then crashes; a comparison is shorter than that: 1,400 passes, and at most
        // 2,000 by which it measures the time of a step.
        var train = Train(fleet, passes: 4500);

        int status = await train.ExitAsync();

        Assert.True(status == 0, train.Output);
        string log = await File.ReadAllTextAsync(Path.Combine(fleet.RunDirectory, "logs", "worker-1.log"));
        Assert.Contains("terminate called", log, StringComparison.Ordinal);
        new RunFile(fleet.RunDirectory).AssertConsistent(TorchFleet.BatchSamples);
        var summary = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(fleet.RunDirectory, "summary.json")))!;
        Assert.NotNull(summary["comparison"]!["against"]!["adam"]);
        Assert.True(File.Exists(Path.Combine(fleet.RunDirectory, "theta.safetensors")));
    }

    [LibtorchFact]
    public async Task Train_TheComparisonCrashes_ThetaIsKept()
    {
        using var fleet = TorchFleet.Create("torchModule=crashing", "outerUpdates=3", "comparisonTasks=2");

        // Fewer passes than a comparison makes. Workers crash too, and are started again.
        var train = Train(fleet, passes: 400);

        Assert.Equal(2, await train.ExitAsync());

        Assert.Contains("The comparison process died 3 times", train.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(fleet.RunDirectory, "theta.safetensors")));
    }

    private static LoptProcess Train(Fleet fleet, int passes) =>
        fleet.Start(CrashAfter(passes), ["train", .. fleet.Specification, "--run", fleet.RunDirectory, "--web", "off", "--workers", "2"]);

    private static Dictionary<string, string> CrashAfter(int passes) => new() { [CrashingNet.Variable] = $"{passes}" };
}
