namespace LoptCluster.Engine.Optimizers;

/// <summary>u(w, ∇ℓ, …; θ): one inner-update of all inner-parameters, for one layout of w.</summary>
/// <remarks>
/// Holds the scratch memory of one slot for one <c>ParameterLayout</c>: not thread-safe, no allocation in the calls.
/// w and g have PaddedLength floats. The state m has <see cref="StateVectors"/> × PaddedLength floats, vector after vector, all
/// zero at the start of an inner-problem. Padding stays zero.
/// </remarks>
public interface IInnerOptimizer : IDisposable
{
    /// <summary>Number |θ| of outer-parameters.</summary>
    int ThetaLength { get; }

    /// <summary>Number of state vectors that a parameter carries: 5 momenta for the MLP, 2 for Adam, 0 for SGD.</summary>
    int StateVectors { get; }

    /// <summary>Moves w and m from step t to t + 1, in place. t counts from 0 and is the step before the update.</summary>
    void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m);

    /// <summary>
    /// The inner-parameters whose loss counts, given w, at which gradients are taken, and the state beside it: w itself, unless the
    /// optimizer averages. PaddedLength floats, valid until the next call.
    /// </summary>
    ReadOnlySpan<float> EvaluationPoint(ReadOnlySpan<float> theta, ReadOnlySpan<float> w, ReadOnlySpan<float> m) => w;
}
