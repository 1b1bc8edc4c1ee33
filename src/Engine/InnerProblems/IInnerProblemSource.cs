using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>Where a program's inner-problems come from: the engine's own families, or more of them (src/Torch).</summary>
/// <remarks>Thread-safe: every slot asks for its own problem, on its own thread.</remarks>
public interface IInnerProblemSource
{
    /// <summary>Slots of a worker process where nobody says how many; null: one a core.</summary>
    int? SlotsPerProcess => null;

    /// <inheritdoc cref="InnerProblemFactory.Create"/>
    IInnerProblem Create(RunSpecification specification, ImageShape shape, int classes, long problemId = 0);
}
