using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>The outer-optimizers by their kind.</summary>
public static class OuterOptimizers
{
    /// <summary>The outer-optimizer of a run, with its constants.</summary>
    public static IOuterOptimizer Of(RunSpecification specification) => specification.OuterOptimizer switch
    {
        OuterOptimizerKind.Adam => new OuterAdam(specification.OuterBeta1, specification.OuterBeta2, specification.OuterEpsilon),
        OuterOptimizerKind.Sgd => new OuterSgd(),
        OuterOptimizerKind.Momentum => new OuterMomentum(specification.OuterMomentum),
        _ => throw new ArgumentOutOfRangeException(
            nameof(specification), specification.OuterOptimizer, "There is no such outer-optimizer."),
    };
}
