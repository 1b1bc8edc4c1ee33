using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Fleet;

/// <summary>What a random search has found so far, from its evaluations.</summary>
internal static class SearchOutcome
{
    /// <param name="run">Specification of the run.</param>
    /// <param name="losses">Loss of each configuration on the outer-train tasks, nats; not finite: not evaluated.</param>
    /// <param name="seconds">Time of the search.</param>
    /// <returns>Null if the run is no search.</returns>
    public static SearchRecord? Of(RunSpecification run, IEnumerable<(long Configuration, double Loss)> losses, double seconds)
    {
        if (run.Mode != RunMode.Search) return null;
        var space = OptimizerFactory.SearchSpace(run);
        var evaluated = losses.Where(trial => double.IsFinite(trial.Loss)).ToList();
        var mixture = new TaskMixture(run);
        long steps = Enumerable.Range(0, run.EvaluationTasks)
            .Sum(task => (long)mixture.Draw(InnerTrainer.FirstTaskId + task).Specification.InnerSteps);
        return new SearchRecord(
            evaluated.Count,
            run.EvaluationTasks,
            evaluated.Count * steps,
            seconds,
            space.Source,
            [.. evaluated.OrderBy(trial => trial.Loss).Take(SearchRecord.Kept).Select(
                trial => new SearchTrial(trial.Configuration, trial.Loss, space.Draw(run.Seed, trial.Configuration)))]);
    }
}
