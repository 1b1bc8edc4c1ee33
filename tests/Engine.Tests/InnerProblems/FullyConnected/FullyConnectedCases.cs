using LoptCluster.Engine.InnerProblems.FullyConnected;

namespace LoptCluster.Engine.Tests.InnerProblems.FullyConnected;

/// <summary>Nets without, with one and with three hidden layers, of widths on both sides of a vector's.</summary>
public sealed class FullyConnectedCases : IInnerProblemCases
{
    public static IReadOnlyList<InnerProblemCase> All { get; } =
    [
        Create("one hidden layer", [6, 8, 3], examples: 4),
        Create("quickstart's", [64, 32, 10], examples: 32),
        Create("two hidden layers", [196, 32, 32, 10], examples: 5),
        // Sums of 128 terms, three times over, round more.
        Create("three wide layers", [20, 128, 128, 128, 10], examples: 9) with { ProductTolerance = 2 * InnerProblemCase.Float32 },
        Create("softmax regression", [5, 10], examples: 3),
        // One product of 3e38 and a small input does not overflow.
        Create("one input, one unit", [1, 1, 2], examples: 1) with { OverflowsInFloat32 = false },
        Create("odd widths", [3, 17, 16, 33, 20], examples: 7),
        Create("one hidden layer of 5", [7, 5, 32], examples: 13),
        Create("three layers, three classes", [9, 20, 33, 5, 3], examples: 8),
    ];

    internal static InnerProblemCase Create(string name, int[] widths, int examples) =>
        new(name, room => new FullyConnectedProblem(widths[0], widths.AsSpan()[1..^1], widths[^1], room))
        {
            Examples = examples,
            Classes = widths[^1],
            ParameterStd = 0.4,
            Reference = new ReferenceNet(widths),
        };
}
