using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>A run begins from the θ of another.</summary>
public sealed class WarmStartTests
{
    private static readonly string[] First = ["outerUpdates=12", "evaluateEveryUpdates=6", "evaluationTasks=1"];
    private static readonly string[] Second = ["outerUpdates=100000", "innerSteps=80", "estimator=es", "outerOptimizer=sgd"];

    [Fact]
    public async Task Run_FromARunFolder_BeginsAtItsBestThetaAndKeepsItsOriginOverAKill()
    {
        using var first = new Fleet(First);
        await first.StartCoordinatorAsync();
        first.StartWorker();
        long best = (await first.StatusAsync(s => s.State == RunState.Finished)).BestVersion;

        using var second = new Fleet(Second);
        var coordinator = await second.StartCoordinatorAsync("--from", first.RunDirectory);
        second.StartWorker();
        await second.UpdateAsync(3);
        await coordinator.KillAsync();
        await second.StartCoordinatorAsync("--from", first.RunDirectory);
        await second.UpdateAsync(6);

        Assert.Equal(new RunFile(first.RunDirectory).Theta(best), new RunFile(second.RunDirectory).Theta(0));
        var expected = await first.Theta.GetThetaAsync(new GetThetaRequest { Best = true });
        var origin = (await second.Theta.GetThetaAsync(new GetThetaRequest { Latest = true })).Lineage.Origin;
        Assert.Equal(
            ("run", Convert.ToHexStringLower(expected.Theta.Checksum.Span), best, expected.RunId, "quickstart"),
            (origin.File, origin.Sha256, origin.Version, origin.RunId, origin.RunName));
    }

    [Fact]
    public async Task Resume_FromAnotherTheta_IsRefused()
    {
        using var fleet = new Fleet(First);
        var coordinator = await fleet.StartCoordinatorAsync();
        await coordinator.TerminateAsync();

        var refused = fleet.Start(
            null, ["coordinator", .. fleet.Specification, "--run", fleet.RunDirectory, "--listen", "127.0.0.1:0", "--from", "x"]);

        Assert.Equal(2, await refused.ExitAsync());
        Assert.Contains("began from an initial θ, not from 'x'. Resume it without --from, or start a new run.", refused.Output,
            StringComparison.Ordinal);
    }
}
