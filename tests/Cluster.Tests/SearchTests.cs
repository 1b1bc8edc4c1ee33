using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Cluster.Tests;

/// <summary>A random search by ordinary workers: what it finds depends on the specification and the seed alone.</summary>
public sealed class SearchTests
{
    private const int Configurations = 30;

    private static readonly string[] Specification =
    [
        "mode=search", "optimizer=adamRegDecay", "estimator=es", $"outerUpdates={Configurations}", "evaluateEveryUpdates=1",
        "evaluationTasks=2", "stepScale=0.001", "exponentScale=0.001",
    ];

    [Fact]
    public async Task Search_KilledAgainAndAgain_FindsWhatItFindsUndisturbed()
    {
        using var calm = new Fleet(Specification);
        await calm.StartCoordinatorAsync();
        calm.StartWorker(slots: 2);
        var expected = await calm.StatusAsync(s => s.State == RunState.Finished);

        using var disturbed = new Fleet(Specification);
        var coordinator = await disturbed.StartCoordinatorAsync();
        var worker = disturbed.StartWorker();
        foreach (int version in (int[])[6, 14])
        {
            await disturbed.UpdateAsync(version);
            await coordinator.KillAsync();
            await worker.KillAsync();
            coordinator = await disturbed.StartCoordinatorAsync();
            worker = disturbed.StartWorker(slots: 2);
        }

        var found = await disturbed.StatusAsync(s => s.State == RunState.Finished);
        Assert.Equal(
            (expected.BestVersion, expected.EvaluationOuterTrain, expected.EvaluationOuterTest),
            (found.BestVersion, found.EvaluationOuterTrain, found.EvaluationOuterTest));
        var file = new RunFile(disturbed.RunDirectory);
        Assert.Equal(
            Configurations,
            file.Scalar("SELECT count(DISTINCT version) FROM evaluations WHERE split = 'OuterTrain' AND version IS NOT NULL"));
        Assert.True(found.EvaluationOuterTrain < found.BaselineOuterTrain * 1.5, "the best configuration does not train");
    }
}
