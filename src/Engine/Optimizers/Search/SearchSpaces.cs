using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers.Search;

/// <summary>The written-down search spaces of all families with hyper-parameters (docs/BASELINES.md).</summary>
public static class SearchSpaces
{
    private const string TaskSet = "TaskSet (Metz et al. 2020), adam8p_wide_grid, with its decays for a training of T steps";
    private const string PaperGrid = "the learning rates of §4.4";

    private const string AlgoPerf = "AlgoPerf (Dahl et al. 2023), paper_baselines/nadamw, rates up to 0.1 and the warm-up around its 0.05";
    private const string NearDefaults = "a decade around the published default and AlgoPerf's decay";

    /// <summary>Length of the trainings that TaskSet's decays are given for, in inner-steps.</summary>
    private const double TaskSetSteps = 10_000;

    private static readonly SearchRange PaperRate = new("learningRate", 1e-4, 10);

    /// <summary>adam8p_wide_grid; its rule adds ℓ2 Σw² to the loss, ours ½ ℓ2 Σw², so ℓ2 is twice the published one.</summary>
    private static readonly ImmutableArray<SearchRange> Adam =
    [
        new("learningRate", 1e-8, 10), new("beta1", 0, 1 - 1e-4), new("beta2", 0, 1 - 1e-6), new("epsilon", 1e-10, 1e3),
    ];

    private static readonly SearchRange Warmup = new("warmupShare", 0.01, 0.1, Logarithmic: true);

    /// <summary>AlgoPerf's; its trainings are longer by orders of magnitude than those here, which bear greater rates.</summary>
    private static readonly ImmutableArray<SearchRange> AdamW =
        [new("learningRate", 1e-4, 0.1), new("beta1", 0.9, 0.996), new("weightDecay", 5e-3, 1, Logarithmic: true), Warmup];

    /// <summary>Rates below those of AdamW by 3 to 10, decays above by as much: §5 of Chen et al. 2023.</summary>
    private static readonly ImmutableArray<SearchRange> Lion =
    [
        new("learningRate", 1e-5, 0.02), new("beta1", 0.9, 0.99), new("beta2", 0.9, 0.999),
        new("weightDecay", 0.02, 10, Logarithmic: true), Warmup,
    ];

    private static readonly ImmutableArray<SearchRange> Muon =
    [
        new("learningRate", 2e-3, 0.2), new("momentum", 0.8, 0.99), new("adamLearningRate", 1e-4, 0.1),
        new("weightDecay", 1e-4, 1, Logarithmic: true), Warmup,
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
            "adamW" or "nAdamW" => new(family, AdamW, AlgoPerf),
            "scheduleFreeAdamW" => new(
                family,
                [
                    new("learningRate", 2.5e-4, 0.25), new("beta1", 0.9, 0.98), new("weightDecay", 1e-4, 1, Logarithmic: true), Warmup,
                ],
                $"{NearDefaults}, a hundredfold range of rates"),
            "lion" => new(family, Lion, "Chen et al. 2023, §5: rates 3 to 10 times below those of AdamW, decays as much above"),
            "muon" => new(family, Muon, $"{NearDefaults}; the rate of the AdamW part as for adamW"),
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
