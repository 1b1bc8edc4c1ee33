using LoptCluster.Engine.Datasets;
using LoptCluster.TestKit.InnerProblems;
using LoptCluster.Torch.InnerProblems;
using LoptCluster.Torch.Libtorch;
using LoptCluster.Torch.Tests.Modules;
using Xunit;

namespace LoptCluster.Torch.Tests.InnerProblems;

/// <summary>Modules that are twice differentiable; skipped where libtorch does not load.</summary>
public sealed class TorchCases : IInnerProblemCases
{
    private const int Classes = 5;

    private static readonly ImageShape Grey = new(6, 1);

    public static IReadOnlyList<InnerProblemCase> All { get; } =
    [
        Create("smooth", TestModules.Smooth),
        Create("batch norm", TestModules.Normalized),
        Create("dropout", TestModules.Dropped) with { OutputsIgnoreLabels = false },
        Create("shared, unused and frozen parameters", TestModules.Odd),
        Create("loss of the user's", TestModules.Smooth with { Loss = TestModules.Squared }),
    ];

    private static InnerProblemCase Create(string name, TorchModule module) =>
        new(name, room => Create(module, room))
        {
            Examples = 12,
            Classes = Classes,
            SymmetryTolerance = 1e-4,
            OverflowsInFloat32 = false,
            ChecksLabels = false,
            // The managed half of some hundred tensors.
            MostAllocatedBytes = 1 << 17,
        };

    private static TorchInnerProblem Create(TorchModule module, int room)
    {
        Assert.SkipWhen(LibtorchRuntime.WhyUnavailable is not null, LibtorchRuntime.WhyUnavailable ?? "");
        return new TorchInnerProblem(module, new TorchTask(Grey, Classes), room);
    }
}
