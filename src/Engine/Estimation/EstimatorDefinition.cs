using System.Collections.Immutable;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>What a value of the key <c>estimator</c> stands for.</summary>
/// <param name="Method">How truncations are unrolled, and gradients formed from them.</param>
/// <param name="Measured">Gradients that need the unroll, and so travel with samples; a sample may be asked to do without.</param>
/// <param name="Computed">Gradients that every merge looks at, the measured ones among them.</param>
/// <param name="Combination">How their means become the gradient that moves θ.</param>
public sealed record EstimatorDefinition(
    EstimatorMethod Method, ImmutableArray<EstimatorId> Measured, ImmutableArray<EstimatorId> Computed, ICombination Combination)
{
    /// <summary>The gradient that is formed from the losses; null: none. In a merge its weight says how little g_rp is worth.</summary>
    public EstimatorId? Formed { get; } = Computed.Except(Measured).Cast<EstimatorId?>().SingleOrDefault();

    /// <summary>The weight of <see cref="Formed"/>, if it shares the merge with another estimator; otherwise null.</summary>
    public EstimatorId? Weighed => Computed.Length > 1 ? Formed : null;

    /// <summary>Numbers and lengths of a state.</summary>
    /// <param name="stateVectors">Vectors of optimizer state that accompany w.</param>
    /// <param name="wLength">Padded length of w; null where the layout is not known.</param>
    public InnerStateShape StateShape(int stateVectors, int? wLength) => new(Method.Particles, stateVectors, wLength, Method.Accumulators);
}
