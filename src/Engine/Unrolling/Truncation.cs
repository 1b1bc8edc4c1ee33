using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;

namespace LoptCluster.Engine.Unrolling;

/// <summary>k inner-steps of one inner-problem from one state. Reads its spans, never writes them.</summary>
public readonly ref struct Truncation
{
    public required IInnerProblem Problem { get; init; }

    public required IMinibatches Minibatches { get; init; }

    /// <summary>w(t0) in the padded layout.</summary>
    public required ReadOnlySpan<float> W { get; init; }

    /// <summary>The optimizer's state at t0.</summary>
    public required ReadOnlySpan<float> M { get; init; }

    /// <summary>t0: inner-steps done before the truncation.</summary>
    public required long StartStep { get; init; }

    /// <summary>k: inner-steps of the truncation.</summary>
    public required int Steps { get; init; }

    /// <summary>The state at t0 + k is not needed: an update that no loss follows is left out.</summary>
    public bool WithoutEnd { get; init; }
}
