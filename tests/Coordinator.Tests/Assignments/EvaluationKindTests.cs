using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Assignments;

/// <summary>The losses of an evaluation by the kind of its tasks.</summary>
public sealed class EvaluationKindTests
{
    private const int Tasks = 12;

    private static readonly RunSpecification Mixture = SpecificationKeys.Set(
        SmallRun.Specification with { EvaluateEveryUpdates = 5, EvaluationTasks = Tasks },
        "tasks=[{ name = \"small\", hiddenUnits = [4] }, { hiddenUnits = [16] }]");

    [Fact]
    public void Complete_Mixture_GivesTheMeansOfEachKind()
    {
        double[] mean = [.. Enumerable.Range(0, Tasks).Select(task => 1.0 + task)], final = [.. mean.Select(loss => loss / 2)];
        var stored = Completed(Mixture, mean, final);

        string[] kinds = [.. TaskKinds.Of(Mixture, Tasks)];
        Assert.Equal(["small", "task 2"], stored.ByKind.Select(kind => kind.Kind));
        Assert.All(stored.ByKind, kind =>
        {
            double[] own = [.. mean.Where((_, task) => kinds[task] == kind.Kind)];
            Assert.Equal(new KindLoss(kind.Kind, own.Length, own.Average(), own.Average() / 2), kind);
        });
        Assert.Equal(Tasks, stored.ByKind.Sum(kind => kind.Tasks));
    }

    [Fact]
    public void Complete_RunWithoutAMixture_HasNoKinds() =>
        Assert.Empty(Completed(Mixture with { Tasks = [] }, [1, 2], [1, 2]).ByKind);

    private static StoredEvaluation Completed(RunSpecification run, double[] mean, double[] final)
    {
        var schedule = new EvaluationSchedule(run, run.OuterUpdates, 0);
        schedule.OnPublished(new ThetaSnapshot(0, new float[1]));
        return schedule.Complete((LossEvaluation)schedule.Jobs[0], new EvaluationReceived(schedule.Jobs[0].Id, mean, final, 1));
    }
}
