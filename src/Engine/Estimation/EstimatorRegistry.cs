using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Estimation;

/// <summary>The values of the key <c>estimator</c>. A new one is an entry here.</summary>
public static class EstimatorRegistry
{
    private static readonly EstimatorMethod Pair = new()
    {
        Losses = 2,
        Particles = 1,
        CreateEstimator = (options, time) => new AntitheticPair(options, time),
        CreateFormation = options => new AntitheticFormation(options, EstimatorId.Es),
    };

    /// <remarks>g_es is computed with g_rp alone too: it costs nothing beyond the two losses.</remarks>
    private static readonly Dictionary<Estimator, EstimatorDefinition> Definitions = new()
    {
        [Estimator.Merged] = new(
            Pair, [EstimatorId.Rp], [EstimatorId.Rp, EstimatorId.Es], new InverseVariance(EstimatorId.Rp, EstimatorId.Es)),
        [Estimator.Rp] = new(Pair, [EstimatorId.Rp], [EstimatorId.Rp, EstimatorId.Es], new OnlyEstimator(EstimatorId.Rp)),
        [Estimator.Es] = new(Pair, [], [EstimatorId.Es], new OnlyEstimator(EstimatorId.Es)),
    };

    /// <summary>Every estimator that some definition measures.</summary>
    public static IEnumerable<EstimatorId> Computed => Definitions.Values.SelectMany(d => d.Computed).Distinct();

    public static EstimatorDefinition Find(Estimator estimator) => Definitions[estimator];
}
