using System.Collections.Immutable;

namespace LoptCluster.Engine.Estimation;

/// <summary>A way of measuring truncations: the shape of its states and samples, and its two sides.</summary>
public sealed record EstimatorMethod
{
    /// <summary>Losses of a sample: sides that are unrolled.</summary>
    public required int Losses { get; init; }

    /// <summary>Particles of a state: trajectories that live on from truncation to truncation.</summary>
    public required int Particles { get; init; }

    /// <summary>Names of the further vectors of a state.</summary>
    public ImmutableArray<string> Accumulators { get; init; } = [];

    /// <summary>Makes the side that unrolls, one for each slot.</summary>
    public required Func<EstimatorOptions, TimeProvider, IGradientEstimator> CreateEstimator { get; init; }

    /// <summary>Makes the side that forms gradients from samples.</summary>
    public required Func<EstimatorOptions, IGradientFormation> CreateFormation { get; init; }
}
