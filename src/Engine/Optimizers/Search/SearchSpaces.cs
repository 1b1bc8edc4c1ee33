using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers.Search;

/// <summary>The written-down search spaces of all families with hyper-parameters (docs/BASELINES.md).</summary>
public static class SearchSpaces
{
    private const string TaskSet = "TaskSet (Metz et al. 2020), adam8p_wide_grid, with its decays for a training of T steps";
    private const string PaperGrid = "the learning rates of §4.4";

    /// <summary>Length of the trainings that TaskSet's decays are given for, in inner-steps.</summary>
    private const double TaskSetSteps = 10_000;

    private static readonly SearchRange PaperRate = new("learningRate", 1e-4, 10);

    /// <summary>adam8p_wide_grid; its rule adds ℓ2 Σw² to the loss, ours ½ ℓ2 Σw², so ℓ2 is twice the published one.</summary>
    private static readonly ImmutableArray<SearchRange> Adam =
    [
        new("learningRate", 1e-8, 10), new("beta1", 0, 1 - 1e-4), new("beta2", 0, 1 - 1e-6), new("epsilon", 1e-10, 1e3),
    ];

    /// <summary>The space of a family.</summary>
    /// <param name="family">A family with hyper-parameters.</param>
    /// <param name="innerSteps">T of the trainings that a configuration is tried on.</param>
    /// <exception cref="ArgumentException">The family has no hyper-parameters.</exception>
    public static SearchSpace Of(IOptimizerFamily family, long innerSteps) =>
        family.Name switch
        {
            "sgd" => new(family, [PaperRate], PaperGrid),
            "momentum" => new(family, [PaperRate, new("momentum", 0, 0.999)], $"{PaperGrid}; momentum up to 0.999"),
            "rmsProp" => new(family, [PaperRate, new("epsilon", 1e-10, 1e3)], $"{PaperGrid}; ε as in {TaskSet}"),
            "adam" => new(family, Adam, TaskSet),
            "adamRegDecay" => new(family, [.. Adam, .. RegDecay(innerSteps)], TaskSet),
            "rmsPropRegDecay" => new(
                family, [new("learningRate", 1e-8, 10), new("epsilon", 1e-10, 1e3), .. RegDecay(innerSteps)], TaskSet),
            "momentumRegDecay" => new(
                family, [new("learningRate", 1e-8, 10), new("momentum", 0, 1 - 1e-4), .. RegDecay(innerSteps)], TaskSet),
            _ => throw new ArgumentException($"Optimizer '{family.Name}' has no search space: it has no hyper-parameters.", nameof(family)),
        };

    private static ImmutableArray<SearchRange> RegDecay(long innerSteps)
    {
        double scale = TaskSetSteps / innerSteps;
        return
        [
            new("linearDecay", 1e-7 * scale, 1e-4 * scale),
            new("exponentialDecay", 1e-6 * scale, 1e-3 * scale),
            new("l1", 1e-8, 10),
            new("l2", 2e-8, 20),
        ];
    }
}
