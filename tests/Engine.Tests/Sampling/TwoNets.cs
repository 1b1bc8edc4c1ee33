using System.Collections.Immutable;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Tests.Sampling;

/// <summary>Even problems are a wide net, odd ones a deep net: two layouts in one run.</summary>
internal sealed class TwoNets : IInnerProblemSource
{
    public IInnerProblem Create(RunSpecification specification, ImageShape shape, int classes, long problemId = 0) =>
        InnerProblemFactory.Create(specification with { HiddenUnits = problemId % 2 == 0 ? [24] : [8, 8] }, shape, classes);

    public long InstanceOf(RunSpecification specification, long problemId) => problemId % 2;

    public ImmutableArray<long> LayoutExamples(RunSpecification specification) => [0, 1];
}
