using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>Creates the inner-problem of a run specification.</summary>
public static class InnerProblemFactory
{
    /// <summary>Source of the engine's families alone.</summary>
    public static IInnerProblemSource BuiltIn { get; } = new BuiltInProblems();

    /// <param name="shape">Shape of the images; ignored by problems without data.</param>
    /// <param name="classes">Number of classes in a task.</param>
    /// <param name="problemId">Selects the instance of a random quadratic; the other families are the same for every id.</param>
    /// <exception cref="UserErrorException">The program does not contain this inner-problem.</exception>
    public static IInnerProblem Create(RunSpecification specification, ImageShape shape, int classes, long problemId = 0)
    {
        switch (specification.InnerProblem)
        {
            case InnerProblemKind.FullyConnected:
                return new FullyConnectedProblem(shape.Length, specification.HiddenUnits.AsSpan(), classes, specification.MinibatchSize);
            case InnerProblemKind.Convnet:
                var convnet = new ConvnetShape(
                    shape.Size, shape.Channels, specification.ConvChannels, specification.ConvStrides, classes, specification.BatchNorm);
                return new ConvnetProblem(convnet, specification.MinibatchSize);
            case InnerProblemKind.Quadratic:
                var random = new RandomStream(specification.Seed, RandomPurpose.QuadraticProblem, problemId);
                return RandomQuadratic.Create(ref random, specification.QuadraticDimensions);
            case InnerProblemKind.Torch:
                throw new UserErrorException(
                    $"The run's inner-problem is the torch module '{specification.TorchModule}', which lopt itself does not contain. "
                    + "Start the program that contains it (docs/TORCH.md) with the same arguments.");
            default:
                throw new ArgumentOutOfRangeException(nameof(specification), specification.InnerProblem, "The inner-problem is unknown.");
        }
    }

    /// <summary>Every problem of a random quadratic is a function of its own; in the other families only the data differ.</summary>
    internal static long InstanceOf(RunSpecification specification, long problemId) =>
        specification.InnerProblem == InnerProblemKind.Quadratic ? problemId : 0;

    private sealed class BuiltInProblems : IInnerProblemSource
    {
        public IInnerProblem Create(RunSpecification specification, ImageShape shape, int classes, long problemId = 0) =>
            InnerProblemFactory.Create(specification, shape, classes, problemId);
    }
}
