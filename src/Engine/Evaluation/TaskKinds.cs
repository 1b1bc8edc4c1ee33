using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>The kinds and horizons of the tasks that evaluations and comparisons are made on.</summary>
public static class TaskKinds
{
    /// <summary>Names of the kinds of evaluation tasks 0 … count − 1; none in a run without a mixture.</summary>
    public static IEnumerable<string> Of(RunSpecification specification, int count) =>
        specification.Tasks.IsEmpty ? [] : Drawn(specification, count).Select(task => task.Kind);

    /// <summary>Inner-steps T of evaluation tasks 0 … count − 1.</summary>
    public static IEnumerable<int> InnerStepsOf(RunSpecification specification, int count) =>
        Drawn(specification, count).Select(task => task.Specification.InnerSteps);

    private static IEnumerable<DrawnTask> Drawn(RunSpecification specification, int count)
    {
        var mixture = new TaskMixture(specification);
        return Enumerable.Range(0, count).Select(task => mixture.Draw(InnerTrainer.FirstTaskId + task));
    }
}
