using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Description of a random search before it starts: its space, its tasks and what it spends.</summary>
internal static class SearchNeeds
{
    public static IEnumerable<string> Describe(TrainRequest request, IRunImages images)
    {
        var s = request.Specification;
        var space = OptimizerFactory.SearchSpace(s);
        long configurations = s.OuterUpdates;
        int longest = s.LongestInnerSteps();
        yield return $"{s.Name}: random search over {DisplayFormat.Plural(space.Ranges.Length, "hyper-parameter")} of {space.Family.Title}";
        yield return $"  space     {string.Join(", ", space.Ranges.Select(range => Text(space, range)))}";
        yield return $"  source    {space.Source}";
        yield return $"  tasks     {DisplayFormat.Plural(s.EvaluationTasks, "task")} of outer-train classes, "
            + $"{DisplayFormat.Count((long)longest)} inner-steps each, {SpecificationWord.Of(s.Objective)} objective · "
            + images.Description;
        yield return $"  search    {DisplayFormat.Count(configurations)} configurations, the first with the published values: "
            + $"at most {DisplayFormat.Count(configurations * s.EvaluationTasks * longest)} inner-steps";
        yield return $"  machine   {RunNeeds.Processes(request.Launch)}";
        yield return $"  run       {request.Folder.Path}";
    }

    /// <summary>The range of x, or of 1 − x where that is what is drawn.</summary>
    private static string Text(SearchSpace space, SearchRange range)
    {
        bool isComplement = space.Family.Theta.HyperParameters[space.Family.Theta.IndexOf(range.Name)].Transform
            == HyperParameterTransform.LogOneMinus;
        var (name, from, to) = isComplement
            ? ($"1 − {range.Name}", 1 - range.Highest, 1 - range.Lowest)
            : (range.Name, range.Lowest, range.Highest);
        return $"{name} {DisplayFormat.Number(from)} … {DisplayFormat.Number(to)}";
    }
}
