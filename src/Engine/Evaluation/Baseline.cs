using System.Collections.Immutable;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Evaluation;

/// <summary>
/// Hand-designed optimizer that θ is compared with: a point of its family, with one hyper-parameter tuned on each task (§4.4).
/// </summary>
/// <param name="Family">Family of the optimizer.</param>
/// <param name="Tuned">Name of the hyper-parameter that is tuned.</param>
/// <param name="Fixed">Values of other hyper-parameters that differ from the family's initial ones.</param>
public sealed record Baseline(IOptimizerFamily Family, string Tuned, params ImmutableArray<(string Name, double Value)> Fixed)
{
    private const string LearningRate = "learningRate";

    public static Baseline Adam { get; } = new(OptimizerFamilies.Adam, LearningRate, ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8));

    public static Baseline RmsProp { get; } = new(OptimizerFamilies.RmsProp, LearningRate);

    public static Baseline Momentum { get; } = new(OptimizerFamilies.Momentum, LearningRate, ("momentum", 0.9));

    public static ImmutableArray<Baseline> All { get; } = [Adam, RmsProp, Momentum];

    /// <summary>Learning rates of the paper's grid (§4.4): 11 values, logarithmically spaced from 1e-4 to 10.</summary>
    public static ImmutableArray<double> LearningRates { get; } =
    [
        1e-4, 3.1622776601683794e-4, 1e-3, 3.1622776601683794e-3, 1e-2, 3.1622776601683794e-2, 0.1, 0.31622776601683794, 1,
        3.1622776601683795, 10,
    ];

    /// <summary>Key in summaries: adam, rmsProp, momentum.</summary>
    public string Name => Family.Name;

    /// <summary>Display name in tables and plots.</summary>
    public string Title => Family.Title;

    /// <param name="layout">Layout of the inner-parameters w.</param>
    /// <param name="innerSteps">Inner-steps T of a whole inner-problem.</param>
    internal IInnerOptimizer Create(ParameterLayout layout, long innerSteps) => Family.Create(layout, new UpdateSettings(innerSteps));

    /// <summary>Point θ of the family with the given value of the tuned hyper-parameter.</summary>
    internal float[] Theta(double tuned) => Family.Theta.Point([.. Fixed, (Tuned, tuned)]);
}
