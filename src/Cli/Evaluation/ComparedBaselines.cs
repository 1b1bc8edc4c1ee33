using System.Collections.Immutable;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Evaluation;

/// <summary>The baselines of a comparison: those of every comparison, and those that <c>--against</c> names.</summary>
internal static class ComparedBaselines
{
    /// <param name="names">Paths of θ files, or "published".</param>
    /// <exception cref="UserErrorException">A file or its card is unusable.</exception>
    public static ImmutableArray<Baseline> Of(IEnumerable<string> names)
    {
        var baselines = Baseline.Standard.Concat(names.SelectMany(OfName)).ToList();
        // Names are keys of the summary: the second of a family has its number.
        foreach (var same in baselines.Index().GroupBy(b => b.Item.Name).Where(g => g.Count() > 1).ToList())
        {
            foreach (var (number, (index, baseline)) in same.Index().Skip(1))
                baselines[index] = baseline with { Name = $"{baseline.Name}{number + 1}", Title = $"{baseline.Title} ({number + 1})" };
        }

        return [.. baselines];
    }

    private static IEnumerable<Baseline> OfName(string name) => name == CommonOptions.Published
        ? OptimizerFamilies.Published.Select(Baseline.Published)
        : OfFile(name);

    private static IEnumerable<Baseline> OfFile(string path)
    {
        var content = ThetaFile.Read(path);
        var family = OptimizerFamilies.Of(content.Optimizer);
        var search = ThetaCard.ReadSearch(path);
        var trained = ThetaCard.ReadSpecification(path);
        string title = search is null ? $"{family.Title}, outer-trained" : $"{family.Title}, tuned";
        string name = search is null ? $"{family.Name}Trained" : $"{family.Name}Tuned";
        yield return new Baseline(name, title, family, Ruleset.Tuned, [content.Theta.Values.ToArray()])
        {
            Search = search,
            TrainedWith = trained,
        };
        if (search is null) yield break;
        yield return new Baseline(
            $"{family.Name}Trials",
            $"{family.Title}, best of {search.Best.Length} trials per task",
            family,
            Ruleset.PerTask,
            [.. search.Best.Select(trial => trial.Theta)])
        {
            Search = search,
            TrainedWith = trained,
        };
    }
}
