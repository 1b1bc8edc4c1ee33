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

    private static readonly EstimatorMethod PersistentPair = new()
    {
        Losses = 2,
        Particles = 2,
        CreateEstimator = (options, time) => new AntitheticPair(options, time, persistent: true),
        CreateFormation = options => new AntitheticFormation(options.With(e => new SummedPerturbations(e)), EstimatorId.Pes),
    };

    private static readonly EstimatorMethod NoiseReusePair = new()
    {
        Losses = 2,
        Particles = 2,
        CreateEstimator = (options, time) => new AntitheticPair(options.With(e => new ReusedPerturbations(e)), time, persistent: true),
        CreateFormation = options => new AntitheticFormation(options.With(e => new ReusedPerturbations(e)), EstimatorId.Nres),
    };

    private static readonly EstimatorMethod Unperturbed = new()
    {
        Losses = 1,
        Particles = 1,
        CreateEstimator = (options, time) => new UnperturbedUnroll(options, time),
        CreateFormation = _ => new MeasuredFormation(),
    };

    /// <remarks>g_es is computed with g_rp alone too: it costs nothing beyond the two losses.</remarks>
    private static readonly Dictionary<Estimator, EstimatorDefinition> Definitions = new()
    {
        [Estimator.Merged] = Merge(Pair, EstimatorId.Es),
        [Estimator.Rp] = new(Pair, [EstimatorId.Rp], [EstimatorId.Rp, EstimatorId.Es], new OnlyEstimator(EstimatorId.Rp)),
        [Estimator.Es] = Only(Pair, EstimatorId.Es),
        [Estimator.Backprop] = new(Unperturbed, [EstimatorId.Backprop], [EstimatorId.Backprop], new OnlyEstimator(EstimatorId.Backprop)),
        [Estimator.Pes] = Only(PersistentPair, EstimatorId.Pes),
        [Estimator.Nres] = Only(NoiseReusePair, EstimatorId.Nres),
        [Estimator.MergedPes] = Merge(PersistentPair, EstimatorId.Pes),
        [Estimator.MergedNres] = Merge(NoiseReusePair, EstimatorId.Nres),
    };

    /// <summary>Every estimator that some definition measures.</summary>
    public static IEnumerable<EstimatorId> Computed => Definitions.Values.SelectMany(d => d.Computed).Distinct();

    public static EstimatorDefinition Find(Estimator estimator) => Definitions[estimator];

    /// <summary>A gradient of the losses alone moves θ.</summary>
    private static EstimatorDefinition Only(EstimatorMethod method, EstimatorId formed) =>
        new(method, [], [formed], new OnlyEstimator(formed));

    /// <summary>g_rp and a gradient of the losses move θ, by inverse variance.</summary>
    private static EstimatorDefinition Merge(EstimatorMethod method, EstimatorId formed) =>
        new(method, [EstimatorId.Rp], [EstimatorId.Rp, formed], new InverseVariance(EstimatorId.Rp, formed));
}
