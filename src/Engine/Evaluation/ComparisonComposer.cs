using System.Collections.Immutable;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Makes a comparison of the results of its parts.</summary>
public static class ComparisonComposer
{
    /// <param name="specification">Run whose tasks were compared on.</param>
    /// <param name="baselines">The baselines, in their order.</param>
    /// <param name="results">By task and optimizer: 0 is θ, i + 1 baseline i.</param>
    /// <param name="firstTask">Number of the first task.</param>
    public static Comparison Compose(
        RunSpecification specification, ImmutableArray<Baseline> baselines, IReadOnlyList<PartResult[]> results, int firstTask = 0)
    {
        return new Comparison(
            specification.Objective,
            results.Count,
            CurveIntervals.Of(specification),
            Collect("learned", "θ (learned)", [.. results.Select(task => task[0])]),
            [.. baselines.Select((baseline, i) => Collect(baseline, [.. results.Select(task => task[i + 1])]))])
        {
            Kinds = [.. TaskKinds.Of(specification, results.Count, firstTask)],
            InnerSteps = [.. TaskKinds.InnerStepsOf(specification, results.Count, firstTask)],
        };
    }

    private static ComparedOptimizer Collect(Baseline baseline, PartResult[] byTask) =>
        Collect(baseline.Name, baseline.Title, byTask) with
        {
            LearningRates = [.. byTask.Select(r => baseline.RateOf(baseline.Settings[r.Setting]))],
            Rules = new BaselineRules(
                baseline.Ruleset,
                baseline.Settings.Length,
                baseline.Search?.Configurations ?? 0,
                baseline.Search?.InnerSteps ?? 0,
                baseline.Search?.Seconds ?? 0),
        };

    private static ComparedOptimizer Collect(string name, string title, PartResult[] byTask)
    {
        float[][] train = [.. byTask.Select(r => r.TrainCurve)], valid = [.. byTask.Select(r => r.ValidCurve)];
        return new ComparedOptimizer(name, title, [.. byTask.Select(r => r.Losses)], Curve(train), Curve(valid), [])
        {
            TrainCurves = train,
            ValidCurves = valid,
        };
    }

    private static Quartiles[] Curve(float[][] byTask) =>
        [.. Enumerable.Range(0, byTask[0].Length).Select(i => Quartiles.Of(byTask.Select(c => (double)c[i])))];
}
