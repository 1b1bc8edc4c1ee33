using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers.HandDesigned;

/// <summary>Formula of a hand-designed update and of its vector-Jacobian product; immutable.</summary>
/// <remarks>
/// The first element of θ is ln rate. Methods take the factor <c>decay</c> by which rate(t) differs from it. Lengths have been checked.
/// </remarks>
internal abstract class UpdateRule
{
    public abstract ImmutableArray<HyperParameter> HyperParameters { get; }

    /// <summary>State vectors, in their order in m.</summary>
    public abstract ImmutableArray<StateVector> State { get; }

    /// <summary>Moves w and m from step t to t + 1, in place.</summary>
    public abstract void Update(ReadOnlySpan<float> theta, double decay, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m);

    /// <summary>
    /// Pulls the cotangents of w and m back in place, and adds to those of θ. The cotangent of ln rate is also that of ln rate(t).
    /// </summary>
    public abstract void PullBack(in MadeUpdate update, double decay, in UpdateCotangents cotangents);
}
