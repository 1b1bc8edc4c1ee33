using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>The inner-problem that a run specification asks for.</summary>
public static class InnerProblemFactory
{
    /// <summary>The engine's families alone.</summary>
    public static IInnerProblemSource BuiltIn { get; } = new BuiltInProblems();

    /// <param name="shape">Of the images; not used by problems without data.</param>
    /// <param name="classes">Of a task.</param>
    /// <param name="problemId">Decides the instance of a random quadratic; the other families are the same for every id.</param>
    /// <exception cref="UserErrorException">The problem is not one that this program knows.</exception>
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
                    $"This run's inner-problem is the torch module '{specification.TorchModule}', which lopt itself does not know. " +
                    "Start the program that has it (docs/TORCH.md) in lopt's place, with the same arguments.");
            default:
                throw new ArgumentOutOfRangeException(nameof(specification), specification.InnerProblem, "No such inner-problem.");
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
