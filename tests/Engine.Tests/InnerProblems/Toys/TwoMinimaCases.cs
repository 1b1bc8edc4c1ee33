using LoptCluster.Engine.InnerProblems.Toys;

namespace LoptCluster.Engine.Tests.InnerProblems.Toys;

/// <summary>The one instance of the toy with two minima.</summary>
public sealed class TwoMinimaCases : IInnerProblemCases
{
    public static IReadOnlyList<InnerProblemCase> All { get; } =
    [
        new("the paper's", _ => new TwoMinimaProblem())
        {
            ParameterStd = 2,
            Reference = new ReferenceTwoMinima(),
            OverflowsInFloat32 = false,
        },
    ];
}
