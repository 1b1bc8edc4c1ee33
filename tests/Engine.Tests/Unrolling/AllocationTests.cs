using System.Collections.Immutable;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Unrolling;

/// <summary>The inner loop allocates nothing: what a sample allocates is its result, however many inner-steps it took.</summary>
public sealed class AllocationTests
{
    private const int Short = 4;
    private const int Long = 40;

    /// <summary>Inner-problem, batch norm, optimizer, objective, budget in MB (0: default; 2: gradients are computed again).</summary>
    public static TheoryData<InnerProblemKind, bool, OptimizerKind, OuterObjective, int> Cases() => new()
    {
        { InnerProblemKind.FullyConnected, false, OptimizerKind.Mlp16, OuterObjective.Train, 0 },
        { InnerProblemKind.FullyConnected, false, OptimizerKind.Mlp31, OuterObjective.Valid, 0 },
        { InnerProblemKind.FullyConnected, false, OptimizerKind.Mlp16, OuterObjective.Valid, 2 },
        { InnerProblemKind.FullyConnected, false, OptimizerKind.Adam, OuterObjective.Valid, 0 },
        { InnerProblemKind.Convnet, false, OptimizerKind.Mlp16, OuterObjective.Valid, 0 },
        { InnerProblemKind.Convnet, true, OptimizerKind.Mlp16, OuterObjective.Valid, 0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Measure_MoreInnerSteps_AllocatesTheSame(
        InnerProblemKind problem, bool batchNorm, OptimizerKind optimizer, OuterObjective objective, int megabytes)
    {
        Assert.Equal(Allocated(Short), Allocated(Long));

        long Allocated(int steps)
        {
            var specification = new RunSpecification
            {
                Dataset = DatasetKind.Procedural,
                ImageSize = 8,
                ImageChannels = 1,
                InnerProblem = problem,
                HiddenUnits = [32, 32, 32],
                ConvChannels = 16,
                ConvStrides = ImmutableArray.Create(2, 1),
                BatchNorm = batchNorm,
                Optimizer = optimizer,
                Objective = objective,
                MinibatchSize = 8,
                InnerSteps = 10 * Long,
                TruncationFirst = steps,
                TruncationLast = steps,
                TruncationJitter = 0,
                SlotMemoryMegabytes = megabytes == 0 ? 1024 : megabytes,
            };
            using var slot = new Slot(specification, new ProceduralDataset(specification));
            var theta = new PublishedTheta(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(specification)), SamplePlan.All);
            var state = slot.Begin(0);

            // The first samples grow what is kept, and have code compiled.
            for (int i = 0; i < 3; i++) slot.Measure(state, theta, CancellationToken.None);

            return Allocation.Of(() => slot.Measure(state, theta, CancellationToken.None));
        }
    }
}
