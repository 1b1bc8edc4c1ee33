using System.Collections.Immutable;
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

    /// <summary>Creates the inner-problem of a setting, in the coordinates that the setting asks for.</summary>
    sealed IInnerProblem Create(ProblemSetting setting, long problemId) => ReparameterizedProblem.Of(
        Create(setting.Specification, setting.Tasks.ImageShape, setting.Tasks.ClassesPerTask, problemId),
        setting.Specification,
        problemId);

    /// <summary>
    /// Number of the function that problem <paramref name="problemId"/> is. Problems of the same values and equal number are the
    /// same function of w and minibatch: a slot uses one instance for all of them.
    /// </summary>
    long InstanceOf(RunSpecification specification, long problemId) => InnerProblemFactory.InstanceOf(specification, problemId);

    /// <summary>One problem id for each layout of w that problems of these values have.</summary>
    ImmutableArray<long> LayoutExamples(RunSpecification specification) => [0];
}
