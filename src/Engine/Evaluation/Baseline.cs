using System.Collections.Immutable;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation;

/// <summary>Optimizer that θ is compared with: some settings of one family, of which the best on each task counts (§4.4).</summary>
/// <param name="Name">Key in summaries: adam, adamRegDecayTuned.</param>
/// <param name="Title">Name in tables and plots.</param>
/// <param name="Family">Family of the optimizer.</param>
/// <param name="Ruleset">How the settings were chosen.</param>
/// <param name="Settings">The settings, each a θ of the family: one, or several under <see cref="Ruleset.PerTask"/>.</param>
public sealed record Baseline(string Name, string Title, IOptimizerFamily Family, Ruleset Ruleset, ImmutableArray<float[]> Settings)
{
    private const string LearningRate = "learningRate";

    /// <summary>Learning rates of the paper's grid (§4.4): 11 values, logarithmically spaced from 1e-4 to 10.</summary>
    public static ImmutableArray<double> LearningRates { get; } =
    [
        1e-4, 3.1622776601683794e-4, 1e-3, 3.1622776601683794e-3, 1e-2, 3.1622776601683794e-2, 0.1, 0.31622776601683794, 1,
        3.1622776601683795, 10,
    ];

    public static Baseline Adam { get; } = OfRates(OptimizerFamilies.Adam, ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8));

    public static Baseline RmsProp { get; } = OfRates(OptimizerFamilies.RmsProp);

    public static Baseline Momentum { get; } = OfRates(OptimizerFamilies.Momentum, ("momentum", 0.9));

    /// <summary>Those of every comparison (§4.4).</summary>
    public static ImmutableArray<Baseline> Standard { get; } = [Adam, RmsProp, Momentum];

    /// <summary>The search that found the settings; null: there was none, or it is not known.</summary>
    public SearchRecord? Search { get; init; }

    /// <summary>Specification of the run that trained a setting; null: none did.</summary>
    public RunSpecification? TrainedWith { get; init; }

    /// <summary>A family with its published setting.</summary>
    public static Baseline Published(IOptimizerFamily family) => new(
        $"{family.Name}Published", $"{family.Title}, as published", family, Ruleset.Untuned, [family.Theta.Point()]);

    /// <param name="layout">Layout of the inner-parameters w.</param>
    /// <param name="settings">Values of the task.</param>
    internal IInnerOptimizer Create(ParameterLayout layout, UpdateSettings settings) => Family.Create(
        layout,
        (TrainedWith is null ? new UpdateSettings(1) : UpdateSettings.Of(TrainedWith)) with
        {
            InnerSteps = settings.InnerSteps,
            TrainingImages = settings.TrainingImages,
            MinibatchSize = settings.MinibatchSize,
        });

    /// <summary>Learning rate of a setting; NaN if the family has none.</summary>
    internal double RateOf(float[] setting)
    {
        var parameters = Family.Theta.HyperParameters;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Name == LearningRate) return parameters[i].FromTheta(setting[i]);
        }

        return double.NaN;
    }

    private static Baseline OfRates(IOptimizerFamily family, params ReadOnlySpan<(string Name, double Value)> values)
    {
        var settings = ImmutableArray.CreateBuilder<float[]>();
        foreach (double rate in LearningRates) settings.Add(family.Theta.Point([.. values, (LearningRate, rate)]));
        return new Baseline(family.Name, family.Title, family, Ruleset.PerTask, settings.ToImmutable());
    }
}
