using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>The side of a gradient estimator that unrolls: what a worker measures on a truncation.</summary>
/// <remarks>
/// Owned by one slot; not thread-safe. What a step measures, and the state that it leaves, depend on the request alone: the same bits on
/// any machine. The other side, which needs no unroll, is <see cref="IGradientFormation"/>.
/// </remarks>
public interface IGradientEstimator
{
    /// <summary>The state of a problem at t = 0.</summary>
    /// <param name="problemId">Problem that the state belongs to.</param>
    /// <param name="horizon">Inner-step at which the problem ends.</param>
    /// <param name="w">Initial w in the padded layout.</param>
    /// <param name="stateVectors">Vectors of optimizer state that accompany w.</param>
    InnerState Begin(long problemId, int horizon, ReadOnlySpan<float> w, int stateVectors);

    /// <summary>Measures one truncation and moves the request's state to its end.</summary>
    /// <param name="request">Truncation, θ, and the gradients that are asked for.</param>
    /// <param name="cancellation">Checked at every inner-step. A cancelled step leaves the state as it was.</param>
    EstimatorMeasurement Step(in EstimatorRequest request, CancellationToken cancellation);

    /// <summary>Moves the request's state as <see cref="Step"/> does, bit for bit, without measuring anything.</summary>
    /// <param name="request">Truncation and θ of a step that was measured before.</param>
    /// <param name="cancellation">Checked at every inner-step. A cancelled call leaves the state as it was.</param>
    void Advance(in EstimatorRequest request, CancellationToken cancellation);
}
