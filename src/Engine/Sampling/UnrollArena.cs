using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Engine.Unrolling;

namespace LoptCluster.Engine.Sampling;

/// <summary>The scratch memory of one layout of w: an inner-problem, an optimizer and an unroller.</summary>
/// <remarks>Owned by one slot; not thread-safe. Problems with the same layout take turns in it.</remarks>
internal sealed class UnrollArena(
    IInnerProblem problem, ProblemFunction function, IOuterTrainableOptimizer optimizer, UpdateSettings settings, Unroller unroller)
    : IDisposable
{
    public IInnerProblem Problem { get; private set; } = problem;

    /// <summary>The function that <see cref="Problem"/> is.</summary>
    public ProblemFunction Function { get; private set; } = function;

    public IOuterTrainableOptimizer Optimizer { get; } = optimizer;

    /// <summary>Values that <see cref="Optimizer"/> was made for.</summary>
    public UpdateSettings Settings { get; } = settings;

    public Unroller Unroller { get; } = unroller;

    public ParameterLayout Layout => Problem.Layout;

    /// <summary>Replaces the inner-problem by another of the same layout.</summary>
    public void Set(IInnerProblem problem, ProblemFunction function)
    {
        Problem.Dispose();
        (Problem, Function) = (problem, function);
    }

    public void Dispose()
    {
        Unroller.Dispose();
        Optimizer.Dispose();
        Problem.Dispose();
    }
}
