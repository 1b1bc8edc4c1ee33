using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Engine.Unrolling;

namespace LoptCluster.Engine.Sampling;

/// <summary>The scratch memory of one layout of w: an inner-problem, an optimizer and an unroller.</summary>
/// <remarks>Owned by one slot; not thread-safe. Problems with the same layout take turns in it.</remarks>
internal sealed class UnrollArena(IInnerProblem problem, long instance, IOuterTrainableOptimizer optimizer, Unroller unroller) : IDisposable
{
    public IInnerProblem Problem { get; private set; } = problem;

    /// <summary>Number of the function that <see cref="Problem"/> is (<see cref="IInnerProblemSource.InstanceOf"/>).</summary>
    public long Instance { get; private set; } = instance;

    public IOuterTrainableOptimizer Optimizer { get; } = optimizer;

    public Unroller Unroller { get; } = unroller;

    public ParameterLayout Layout => Problem.Layout;

    /// <summary>Replaces the inner-problem by another of the same layout.</summary>
    public void Set(IInnerProblem problem, long instance)
    {
        Problem.Dispose();
        (Problem, Instance) = (problem, instance);
    }

    public void Dispose()
    {
        Unroller.Dispose();
        Optimizer.Dispose();
        Problem.Dispose();
    }
}
