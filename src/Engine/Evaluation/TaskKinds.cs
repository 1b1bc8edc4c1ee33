using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>The kinds of the tasks that evaluations and comparisons are made on.</summary>
public static class TaskKinds
{
    /// <summary>Names of the kinds of evaluation tasks 0 … count − 1; none in a run without a mixture.</summary>
    public static IEnumerable<string> Of(RunSpecification specification, int count)
    {
        var mixture = new TaskMixture(specification);
        return specification.Tasks.IsEmpty
            ? []
            : Enumerable.Range(0, count).Select(task => mixture.Draw(InnerTrainer.FirstTaskId + task).Kind);
    }
}
