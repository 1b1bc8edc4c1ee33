using System.Collections.Immutable;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.HandDesigned;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Evaluation;

/// <summary>A hand-designed optimizer whose learning rate is tuned (§4.4).</summary>
/// <param name="Name">Key in summaries: adam, rmsProp, momentum.</param>
/// <param name="Title">For people.</param>
public sealed record Baseline(string Name, string Title)
{
    private const float MomentumDecay = 0.9f;

    /// <summary>β 0.9 and 0.999, ε 1e-8.</summary>
    public static Baseline Adam { get; } = new("adam", "Adam");

    public static Baseline RmsProp { get; } = new("rmsProp", "RMSProp");

    /// <summary>Momentum 0.9.</summary>
    public static Baseline Momentum { get; } = new("momentum", "SGD + momentum");

    public static ImmutableArray<Baseline> All { get; } = [Adam, RmsProp, Momentum];

    /// <summary>The paper's grid (§4.4): 11 values, evenly in the logarithm from 1e-4 to 10.</summary>
    public static ImmutableArray<double> LearningRates { get; } =
        [1e-4, 3.1622776601683794e-4, 1e-3, 3.1622776601683794e-3, 1e-2, 3.1622776601683794e-2, 0.1, 0.31622776601683794, 1, 3.1622776601683795, 10];

    internal IInnerOptimizer Create(ParameterLayout layout) => Name switch
    {
        "adam" => new AdamOptimizer(layout),
        "rmsProp" => new RmsPropOptimizer(layout),
        _ => new MomentumOptimizer(layout),
    };

    internal float[] Theta(double learningRate) => Name switch
    {
        "adam" => AdamOptimizer.Theta(learningRate),
        "rmsProp" => [(float)learningRate],
        _ => [(float)learningRate, MomentumDecay],
    };
}
