using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Benchmarks.Unrolling;

/// <summary>A whole sample, both halves, per inner-step: 8×8 → 32 → 10, minibatch 32; with g_rp and without.</summary>
[MemoryDiagnoser]
public class SlotBenchmarks
{
    private const int Steps = 100;
    private Slot _slot = null!;
    private PublishedTheta _theta = null!;

    [Params(Estimator.Merged, Estimator.Es)]
    public Estimator Estimator { get; set; }

    [Params(OuterObjective.Train, OuterObjective.Valid)]
    public OuterObjective Objective { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var specification = new RunSpecification
        {
            Dataset = DatasetKind.Procedural,
            ImageSize = 8,
            ImageChannels = 1,
            InnerProblem = InnerProblemKind.FullyConnected,
            HiddenUnits = [32],
            MinibatchSize = 32,
            TruncationFirst = Steps,
            TruncationLast = Steps,
            TruncationJitter = 0,
            Estimator = Estimator,
            Objective = Objective,
        };
        _slot = new Slot(specification, new ProceduralDataset(specification));
        _theta = new PublishedTheta(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(specification)), SamplePlan.All);
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public double Measure() => _slot.Measure(_slot.Begin(0), _theta, CancellationToken.None).MeanLoss;

    [GlobalCleanup]
    public void Cleanup() => _slot.Dispose();
}
