using System.Collections.Immutable;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>A truncation to measure: the next one of a state, at a θ, on a slot's arena.</summary>
public readonly ref struct EstimatorRequest
{
    /// <summary>State that the truncation starts from; the estimator moves it.</summary>
    public required InnerState State { get; init; }

    /// <summary>θ around which the estimator perturbs; |θ| elements.</summary>
    public required ReadOnlySpan<float> Theta { get; init; }

    /// <summary>k: number of inner-steps in the truncation.</summary>
    public required int Steps { get; init; }

    public required IInnerProblem Problem { get; init; }

    public required IMinibatches Minibatches { get; init; }

    /// <summary>Unroller of the problem's layout.</summary>
    public required Unroller Unroller { get; init; }

    /// <summary>Gradients to measure in the unroll; others are left out.</summary>
    public ImmutableArray<EstimatorId> Gradients { get; init; }

    internal bool Measures(EstimatorId gradient) => !Gradients.IsDefaultOrEmpty && Gradients.Contains(gradient);

    /// <summary>The truncation from one of the state's particles.</summary>
    /// <param name="particle">Index of the particle.</param>
    /// <param name="withoutEnd">The state at the truncation's end is not needed.</param>
    internal Truncation From(int particle, bool withoutEnd = false) => new()
    {
        Problem = Problem,
        Minibatches = Minibatches,
        W = State.Particles[particle].W,
        M = State.Particles[particle].M,
        StartStep = State.InnerStep,
        Steps = Steps,
        WithoutEnd = withoutEnd,
    };
}
