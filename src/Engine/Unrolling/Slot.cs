using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Samples;
using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Theta;

namespace LoptCluster.Engine.Unrolling;

/// <summary>One thread's engine: begins inner-problems, turns (state, θ) into gradient samples, replays lost states.</summary>
/// <remarks>
/// Not thread-safe; owns its arena (inner-problem, optimizer, truncation memory), which is allocated on first use. Many
/// <see cref="InnerState"/>s can take turns on one slot.
/// </remarks>
public sealed class Slot : IDisposable
{
    public Slot(RunSpecification specification, IImageDataset dataset)
    {
        Specification = specification;
        Dataset = dataset;
        throw new NotImplementedException();
    }

    public RunSpecification Specification { get; }

    public IImageDataset Dataset { get; }

    public IInnerProblem Problem => throw new NotImplementedException();

    public ILearnedOptimizer Optimizer => throw new NotImplementedException();

    /// <summary>The state at t = 0 of a problem of the outer-train split.</summary>
    public InnerState Begin(long problemId) => throw new NotImplementedException();

    /// <summary>One truncation from <paramref name="state"/>, which moves to the end of its positive half.</summary>
    /// <param name="cancellation">Looked at every inner-step. When it is cancelled the state is left as it was.</param>
    public GradientSample Sample(InnerState state, ThetaSnapshot theta, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>
    /// Recomputes the positive half of a truncation that was sampled before, without its gradients: how another slot reaches the state that a
    /// lost one had. Bit for bit the same state.
    /// </summary>
    public void Replay(InnerState state, ThetaSnapshot theta, int steps, CancellationToken cancellation) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
