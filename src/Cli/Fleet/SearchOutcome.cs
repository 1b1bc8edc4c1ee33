using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Fleet;

/// <summary>What a random search has found so far, from the history that its coordinator keeps.</summary>
internal static class SearchOutcome
{
    /// <returns>Null if the run is no search.</returns>
    public static SearchRecord? Of(RunSpecification run, IReadOnlyCollection<HistoryRow> history, double seconds)
    {
        if (run.Mode != RunMode.Search) return null;
        var space = OptimizerFactory.SearchSpace(run);
        var evaluated = history.Where(row => double.IsFinite(row.EvaluationOuterTrain)).ToList();
        var mixture = new TaskMixture(run);
        long steps = Enumerable.Range(0, run.EvaluationTasks)
            .Sum(task => (long)mixture.Draw(InnerTrainer.FirstTaskId + task).Specification.InnerSteps);
        return new SearchRecord(
            evaluated.Count,
            run.EvaluationTasks,
            evaluated.Count * steps,
            seconds,
            space.Source,
            [.. evaluated.OrderBy(row => row.EvaluationOuterTrain).Take(SearchRecord.Kept).Select(
                row => new SearchTrial(row.OuterUpdate, row.EvaluationOuterTrain, space.Draw(run.Seed, row.OuterUpdate)))]);
    }
}
