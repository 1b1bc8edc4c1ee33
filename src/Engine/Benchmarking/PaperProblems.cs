using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.InnerProblems.FullyConnected;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Inner-problems of the paper at their full size (App. D.2, F, J).</summary>
public static class PaperProblems
{
    public const int Classes = 10;

    /// <summary>Minibatch size B of App. D.2.</summary>
    public const int Minibatch = 128;

    /// <summary>All problems, starting with the paper's convnet. Each is created for minibatches of the given size.</summary>
    public static IReadOnlyList<(string Name, Func<int, IInnerProblem> Create)> All { get; } =
    [
        ("convnet 32-32-32, 32×32×3", b => Convnet(b, 32, 3, 32, [2, 2, 1])),
        ("convnet 32-32-32 with batch norm, 32×32×3", b => Convnet(b, 32, 3, 32, [2, 2, 1], batchNorm: true)),
        ("convnet 128-128-128, 32×32×3", b => Convnet(b, 32, 3, 128, [2, 2, 1])),
        ("convnet 32-32-32, 28×28", b => Convnet(b, 28, 1, 32, [2, 2, 1])),
        ("convnet 128-128-128, 28×28", b => Convnet(b, 28, 1, 128, [2, 2, 1])),
        ("convnet of six layers of 32, 28×28", b => Convnet(b, 28, 1, 32, [2, 1, 2, 1, 1, 1])),
        ("fully connected 32-32, 14×14", b => FullyConnected(b, 32, 32)),
        ("fully connected 128-128-128, 14×14", b => FullyConnected(b, 128, 128, 128)),
    ];

    private static ConvnetProblem Convnet(
        int minibatch, int size, int imageChannels, int channels, int[] strides, bool batchNorm = false) =>
        new(new ConvnetShape(size, imageChannels, channels, [.. strides], Classes, batchNorm), minibatch);

    private static FullyConnectedProblem FullyConnected(int minibatch, params int[] hiddenUnits) =>
        new(14 * 14, hiddenUnits, Classes, minibatch);
}
