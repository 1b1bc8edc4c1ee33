using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TorchBenchmarks.Problems;

namespace LoptCluster.TorchBenchmarks.EngineSide;

/// <summary>
/// The engine's side: the same sample over and over, the second truncation of inner-problem 0, as a worker's slot computes it.
/// </summary>
/// <remarks>The second, so that the momenta are not zero. Gathering the minibatches' images is part of it.</remarks>
internal sealed class EngineSample : IDisposable
{
    private readonly Slot _slot;
    private readonly PublishedTheta _theta;
    private readonly InnerState _start;

    public EngineSample(ProblemCase problem, IImageDataset dataset)
    {
        Specification = problem.Specification;
        _slot = new Slot(Specification, dataset);
        _theta = new PublishedTheta(new ThetaSnapshot(0, OptimizerFactory.InitialTheta(Specification)), SamplePlan.All);
        _start = _slot.Begin(0);
        _slot.Measure(_start, _theta, CancellationToken.None);
    }

    public RunSpecification Specification { get; }

    public IInnerProblem Problem => _slot.Problem;

    /// <summary>What a truncation of k steps keeps.</summary>
    public TapePlan Plan(int steps) => _slot.Plan(steps);

    public ReadOnlySpan<float> Theta => _theta.Theta.Values.Span;

    /// <summary>Where every sample starts; padded layout.</summary>
    public InnerState Start => _start;

    /// <summary>Where the last sample ended.</summary>
    public InnerState End { get; private set; } = null!;

    public GradientSample Run()
    {
        var state = new InnerState
        {
            ProblemId = _start.ProblemId,
            Horizon = _start.Horizon,
            InnerStep = _start.InnerStep,
            NextTruncation = _start.NextTruncation,
            Particles = [.. _start.Particles.Select(p => new Particle([.. p.W], [.. p.M]))],
        };
        var sample = _slot.Measure(state, _theta, CancellationToken.None);
        End = state;
        return sample;
    }

    /// <summary>e of the sample, drawn again.</summary>
    public float[] Perturbation()
    {
        float[] e = new float[_theta.Theta.Length];
        var random = new RandomStream(Specification.Seed, RandomPurpose.Perturbation, _start.ProblemId, _start.NextTruncation);
        random.FillNormal(e, Specification.PerturbationStd);
        return e;
    }

    /// <summary>The sample's minibatches, drawn again.</summary>
    public TaskMinibatches Minibatches()
    {
        var tasks = new TaskDistribution(_slot.Images.Of(Specification), Specification);
        return new TaskMinibatches(
            tasks.Sample(ClassSplit.OuterTrain, _start.ProblemId), Specification.MinibatchSize, Specification.Seed, _start.ProblemId);
    }

    public void Dispose() => _slot.Dispose();
}
