using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Description of what a mixture consists of: a line for each task, with its share of the problems and its values.</summary>
internal static class MixtureNeeds
{
    public static IEnumerable<string> Describe(RunSpecification run, IReadOnlyList<LongestTruncation> corners, IRunImages images)
    {
        double weights = run.Tasks.Sum(task => task.Weight);
        var kinds = new TaskMixture(run).Kinds;
        for (int i = 0; i < run.Tasks.Length; i++)
        {
            var parameters = corners.Where(corner => corner.Setting.Kind == kinds[i]).Select(corner => corner.InnerParameters);
            yield return $"  task      {DisplayFormat.Percent(run.Tasks[i].Weight / weights)} {kinds[i]}, "
                + $"{RunNeeds.Span(parameters)} inner-parameters: "
                + string.Join(", ", run.Tasks[i].Values.Select(value => $"{value.Key.Name} = {value.Toml}"));
        }

        yield return $"  images    {images.Description}";
    }
}
