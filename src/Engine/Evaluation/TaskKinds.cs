using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>The kinds and horizons of the tasks that evaluations and comparisons are made on.</summary>
public static class TaskKinds
{
    /// <summary>Names of the kinds of evaluation tasks first … first + count − 1; none in a run without a mixture.</summary>
    public static IEnumerable<string> Of(RunSpecification specification, int count, int first = 0) =>
        specification.Tasks.IsEmpty ? [] : Drawn(specification, count, first).Select(task => task.Kind);

    /// <summary>Inner-steps T of evaluation tasks first … first + count − 1.</summary>
    public static IEnumerable<int> InnerStepsOf(RunSpecification specification, int count, int first = 0) =>
        Drawn(specification, count, first).Select(task => task.Specification.InnerSteps);

    private static IEnumerable<DrawnTask> Drawn(RunSpecification specification, int count, int first)
    {
        var mixture = new TaskMixture(specification);
        return Enumerable.Range(first, count).Select(task => mixture.Draw(InnerTrainer.FirstTaskId + task));
    }
}
