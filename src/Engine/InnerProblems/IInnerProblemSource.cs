using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>Source of a program's inner-problems: the engine's own families, or additional ones (src/Torch).</summary>
/// <remarks>Thread-safe: every slot creates its own problem, on its own thread.</remarks>
public interface IInnerProblemSource
{
    /// <summary>Default number of slots per worker process; null: one per core.</summary>
    int? SlotsPerProcess => null;

    /// <inheritdoc cref="InnerProblemFactory.Create"/>
    IInnerProblem Create(RunSpecification specification, ImageShape shape, int classes, long problemId = 0);
}
