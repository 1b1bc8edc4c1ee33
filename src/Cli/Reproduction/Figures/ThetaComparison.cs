using System.Collections.Immutable;
using LoptCluster.Cli.Evaluation;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>The learned optimizer for one of the losses, against the one for the other loss and hand-designed ones (§4.4).</summary>
/// <param name="Objective">Loss that the optimizer was trained for, and that decides the baselines' learning rates.</param>
/// <param name="Result">The comparison.</param>
internal sealed record ThetaComparison(OuterObjective Objective, Comparison Result)
{
    /// <summary>Name of Adam with eight hyper-parameters of a search among the baselines.</summary>
    public const string Searched = "adamRegDecayTuned";

    public static ImmutableArray<OuterObjective> Objectives { get; } = [OuterObjective.Train, OuterObjective.Valid];

    /// <summary>
    /// Adam, RMSProp and momentum with the best learning rate of each task; with <paramref name="searched"/> also Adam with eight
    /// hyper-parameters of one search.
    /// </summary>
    /// <param name="values">What the tasks have other than those of outer-training.</param>
    /// <param name="tasks">Number of tasks.</param>
    public static ThetaComparison Of(
        FigureRun run, OuterObjective objective, IEnumerable<string> values, int tasks, ClassSplit split, bool searched)
    {
        var trained = run.Train(TrainedStudies.OfObjectives);
        var own = Best(trained, objective);
        var other = Best(trained, Objectives.Single(o => o != objective));
        List<string> files = [other.Folder.Theta];
        if (searched) files.Add(run.Train(TrainedStudies.OfBaseline).Single(t => t.Case == objective.ToString()).Folder.Theta);
        var specification = SpecificationKeys.Set(own.Specification, [.. values, $"comparisonTasks={tasks}"]);
        var baselines = ComparedBaselines.Of(files).Where(b => b.Ruleset != Ruleset.PerTask || b.Search is null);
        return new ThetaComparison(objective, run.Compare(specification, own.Theta.Theta.Values.ToArray(), [.. baselines], split));
    }

    /// <summary>The run of an objective that has the lowest outer-train loss (§4.3).</summary>
    public static FigureTraining Best(IReadOnlyList<FigureTraining> trained, OuterObjective objective) =>
        trained.Where(t => t.Case == objective.ToString()).MinBy(t => t.OuterTrainLoss)!;

    /// <summary>θ of this objective first, then the baselines, with their names in legends and files.</summary>
    public IEnumerable<(string Name, string Title, ComparedOptimizer Optimizer)> Optimizers()
    {
        yield return (Learned(Objective), LearnedTitle(Objective), Result.Learned);
        foreach (var baseline in Result.Baselines)
        {
            var other = Objectives.Single(o => o != Objective);
            yield return baseline.Rules switch
            {
                { Ruleset: Ruleset.Tuned, Configurations: 0 } => (Learned(other), LearnedTitle(other), baseline),
                { Configurations: > 0 } => (baseline.Name, "Adam + Reg + Decay", baseline),
                _ => (baseline.Name, baseline.Title, baseline),
            };
        }
    }

    /// <summary>A baseline in words, without commas.</summary>
    public string TitleOf(string baseline) =>
        Optimizers().Single(o => o.Optimizer.Name == baseline).Title.Replace(",", "", StringComparison.Ordinal);

    /// <summary>Points of an optimizer's curve on the split of the objective: median and quartiles over the tasks.</summary>
    public IEnumerable<(int Step, Quartiles Loss)> Curve(ComparedOptimizer optimizer)
    {
        int steps = Result.InnerSteps[0];
        var curve = Objective == OuterObjective.Valid ? optimizer.ValidCurve : optimizer.TrainCurve;
        return curve.Select((loss, i) => (Result.Curve.End(i, steps), loss));
    }

    private static string Learned(OuterObjective objective) => $"learned{objective}";

    private static string LearnedTitle(OuterObjective objective) =>
        objective == OuterObjective.Train ? "learned, for the training loss" : "learned, for the validation loss";
}
