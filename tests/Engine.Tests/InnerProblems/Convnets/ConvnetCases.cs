using LoptCluster.Engine.InnerProblems.Convnets;

namespace LoptCluster.Engine.Tests.InnerProblems.Convnets;

/// <summary>
/// Convnets of every kind of shape: odd and even sizes and channels, strides, one to six layers, one class; most with and without batch
/// norm.
/// </summary>
public sealed class ConvnetCases : IInnerProblemCases
{
    public static IReadOnlyList<InnerProblemCase> All { get; } =
    [
        .. new[] { false, true }.SelectMany(norm => new[]
        {
            Create("small", new(ImageSize: 8, ImageChannels: 3, Channels: 4, Strides: [2, 2, 1], Classes: 3, norm), examples: 4),
            Create("odd size", new(ImageSize: 7, ImageChannels: 2, Channels: 3, Strides: [2, 2, 1], Classes: 3, norm), examples: 4),
            Create("the paper's", new(ImageSize: 32, ImageChannels: 3, Channels: 32, Strides: [2, 2, 1], Classes: 10, norm), examples: 2),
            Create(
                "six layers",
                new(ImageSize: 9, ImageChannels: 1, Channels: 16, Strides: [2, 1, 2, 1, 1, 1], Classes: 10, norm),
                examples: 3),
            Create("48 channels", new(ImageSize: 6, ImageChannels: 3, Channels: 48, Strides: [1, 2], Classes: 17, norm), examples: 2),
            Create("one layer", new(ImageSize: 5, ImageChannels: 1, Channels: 20, Strides: [2], Classes: 5, norm), examples: 7),
            Create("128 channels", new(ImageSize: 4, ImageChannels: 3, Channels: 128, Strides: [1, 2, 1], Classes: 10, norm), examples: 2),
            Create("33 channels", new(ImageSize: 3, ImageChannels: 1, Channels: 33, Strides: [1, 1], Classes: 2, norm), examples: 3),
            Create(
                "odd size, 20 channels",
                new(ImageSize: 7, ImageChannels: 3, Channels: 20, Strides: [2, 1], Classes: 10, norm),
                examples: 5),
        }),
        Create("one pixel", new(ImageSize: 1, ImageChannels: 2, Channels: 5, Strides: [2, 1], Classes: 3), examples: 3),
        Create("one class", new(ImageSize: 2, ImageChannels: 1, Channels: 1, Strides: [1, 2], Classes: 1), examples: 2),
    ];

    internal static InnerProblemCase Create(string name, ConvnetShape shape, int examples) =>
        new(shape.BatchNorm ? $"{name}, batch norm" : name, room => new ConvnetProblem(shape, room))
        {
            Examples = examples,
            Classes = shape.Classes,
            Parameters = (_, seed) => new ConvnetCase(shape, examples, seed).W,
            Reference = new ReferenceConvnet(shape),
            ProductTolerance = 4 * InnerProblemCase.Float32,
            SymmetryTolerance = 4 * InnerProblemCase.Float32,
        };
}
