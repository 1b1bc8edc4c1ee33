using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.Tests.InnerProblems.FullyConnected;

namespace LoptCluster.Engine.Tests.InnerProblems;

/// <summary>Nets whose tensors have factors on both sides of 1.</summary>
public sealed class ReparameterizedCases : IInnerProblemCases
{
    private static readonly float[] Scales = [0.5f, 3f, 1.7f, 0.25f, 1f, 2f];

    public static IReadOnlyList<InnerProblemCase> All { get; } =
    [
        Create("one hidden layer", [6, 8, 3], examples: 4),
        Create("two hidden layers", [40, 32, 20, 10], examples: 5),
    ];

    private static InnerProblemCase Create(string name, int[] widths, int examples) =>
        new(name, room => Create(widths, room))
        {
            Examples = examples,
            Classes = widths[^1],
            ParameterStd = 0.4,
            Reference = new ReferenceReparameterized(new ReferenceNet(widths), [.. CompactScales(widths)]),
        };

    private static ReparameterizedProblem Create(int[] widths, int room) => new(
        new FullyConnectedProblem(widths[0], widths.AsSpan()[1..^1], widths[^1], room), Scales[..(2 * (widths.Length - 1))]);

    private static IEnumerable<double> CompactScales(int[] widths)
    {
        using var problem = Create(widths, 1);
        return [.. problem.Layout.Tensors.SelectMany((tensor, i) => Enumerable.Repeat((double)Scales[i], tensor.Length))];
    }
}
