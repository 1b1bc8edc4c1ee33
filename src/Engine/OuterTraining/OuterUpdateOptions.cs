using System.Collections.Immutable;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>The settings of outer-updates.</summary>
public sealed record OuterUpdateOptions
{
    /// <summary>Estimators that are measured, and how they are combined.</summary>
    public required EstimatorDefinition Estimator { get; init; }

    /// <summary>Forms the gradients of each sample.</summary>
    public required IGradientFormation Formation { get; init; }

    /// <summary>The rule that moves θ.</summary>
    public required IOuterOptimizer Optimizer { get; init; }

    /// <summary>Learning rate of the first update.</summary>
    public required double FirstLearningRate { get; init; }

    /// <summary>Each element of the merged gradient is cut to ± this; 0: no clip.</summary>
    public double GradientClip { get; init; }

    /// <summary>Learning rate of the last update as a share of the first's; linear between them.</summary>
    public double LearningRateFinalShare { get; init; } = 1;

    /// <summary>The run's plans: their outer-updates are those that the learning rate falls over.</summary>
    public OuterPlans Plans { get; init; } = OuterPlans.Of(new RunSpecification());

    /// <summary>Decay of the average of θ; 0: none is kept.</summary>
    public double ThetaAverageDecay { get; init; }

    /// <summary>What the age of a sample does to its weight.</summary>
    public StalenessRule Staleness { get; init; } = new(StalenessPolicy.Off, 1);

    /// <summary>How the share of samples with g_rp is chosen; null: every sample computes it.</summary>
    public RpShareOptions? RpShare { get; init; }

    /// <summary>Meaning of each element of θ; empty for MLPs.</summary>
    public ImmutableArray<HyperParameter> HyperParameters { get; init; } = [];

    /// <param name="specification">The run.</param>
    /// <param name="theta">Parts of θ.</param>
    /// <param name="plans">Its plans; null: the one of the specification.</param>
    public static OuterUpdateOptions From(RunSpecification specification, ThetaLayout theta, OuterPlans? plans = null) => new()
    {
        Estimator = EstimatorRegistry.Find(specification.Estimator),
        Formation = EstimatorRegistry.Find(specification.Estimator).Method.CreateFormation(
            EstimatorOptions.From(specification, theta.Length)),
        Optimizer = OuterOptimizers.Of(specification),
        FirstLearningRate = specification.OuterLearningRate,
        GradientClip = specification.GradientClip,
        LearningRateFinalShare = specification.OuterLearningRateFinalShare,
        ThetaAverageDecay = specification.ThetaAverageDecay,
        Plans = plans ?? OuterPlans.Of(specification),
        Staleness = new StalenessRule(specification.Staleness, specification.StalenessLimitUpdates),
        RpShare = specification.RpShare == RpSharePolicy.Adaptive ? RpShareOptions.From(specification) : null,
        HyperParameters = theta.HyperParameters,
    };

    /// <summary>
    /// Learning rate of the update that follows a version of θ: on the line from the first to the last update of the plan that holds. A
    /// prolonged run goes on with the rate that a run of so many updates has there.
    /// </summary>
    public double LearningRate(long version) =>
        FirstLearningRate * (1 + (Plans.At(version).Progress(version) * (LearningRateFinalShare - 1)));
}
