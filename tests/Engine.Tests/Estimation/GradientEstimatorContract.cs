using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

/// <summary>
/// What every value of the key <c>estimator</c> must do, driven through a slot as a worker does it. A new value inherits this class.
/// </summary>
public abstract class GradientEstimatorContract
{
    private const int Truncations = 3;

    private readonly RunSpecification _specification;
    private readonly IImageDataset _dataset;
    private readonly EstimatorDefinition _definition;
    private readonly float[] _theta;

    protected GradientEstimatorContract(Estimator estimator)
    {
        _specification = new RunSpecification
        {
            Dataset = DatasetKind.Procedural,
            ImageSize = 6,
            ImageChannels = 1,
            TrainImagesPerClass = 12,
            ValidImagesPerClass = 6,
            TaskClasses = 4,
            InnerProblem = InnerProblemKind.FullyConnected,
            HiddenUnits = [8],
            MinibatchSize = 8,
            StepScale = 0.01,
            InnerSteps = 40,
            TruncationFirst = 9,
            TruncationLast = 9,
            Estimator = estimator,
        };
        _dataset = DatasetCatalog.Open(_specification, null);
        _definition = EstimatorRegistry.Find(estimator);
        _theta = OptimizerFactory.InitialTheta(_specification);
    }

    [Fact]
    public void Begin_State_HasTheShapeOfItsDefinition()
    {
        using var slot = CreateSlot();
        var state = slot.Begin(3);

        Assert.Null(slot.MismatchOf(state));
        Assert.Equal(_definition.Method.Particles, state.Particles.Length);
        Assert.Equal((0, 0), (state.InnerStep, state.NextTruncation));
        Assert.All(state.Particles, p => Assert.All(p.M, m => Assert.Equal(0, m)));
    }

    [Fact]
    public void Step_Sample_HasTheLossesAndGradientsOfItsDefinition()
    {
        using var slot = CreateSlot();
        var sample = slot.Measure(slot.Begin(3), At(0), default);

        Assert.Equal(_definition.Method.Losses, sample.Losses.Length);
        Assert.All(sample.Losses, l => Assert.InRange(l, 0, _specification.LossCap));
        Assert.Equal(_definition.Measured, sample.Gradients.Select(g => g.Estimator));
        Assert.All(sample.Gradients, g => Assert.Equal((GradientOutcome.Finite, _theta.Length), (g.Outcome, g.Values.Length)));
    }

    [Fact]
    public void Advance_TruncationsMeasuredElsewhere_ReachesTheSameBits()
    {
        using Slot slot = CreateSlot(), another = CreateSlot();
        InnerState measured = slot.Begin(2), recomputed = another.Begin(2);
        for (int version = 0; version < Truncations; version++)
        {
            var sample = slot.Measure(measured, At(version), default);
            another.Recompute(recomputed, At(version).Theta, sample.Steps, default);
            AssertSame(measured, recomputed);
        }

        var (next, same) = (slot.Measure(measured, At(9), default), another.Measure(recomputed, At(9), default));
        AssertSame(next, same);
    }

    [Fact]
    public void Step_WithoutGradients_MeasuresTheSameLossesAndState()
    {
        using Slot slot = CreateSlot(), sparing = CreateSlot();
        var none = new PublishedTheta(At(0).Theta, new SamplePlan(double.Epsilon));
        InnerState all = slot.Begin(2), few = sparing.Begin(2);
        GradientSample full = slot.Measure(all, At(0), default), without = sparing.Measure(few, none, default);

        Assert.Empty(without.Gradients);
        Assert.Equal(full.Losses, without.Losses);
        AssertSame(all, few);
    }

    [Fact]
    public void Step_OtherProblemsInBetween_GivesTheSameBits()
    {
        using Slot alone = CreateSlot(), shared = CreateSlot();
        InnerState a = alone.Begin(3), b = shared.Begin(3), other = shared.Begin(8);
        for (int i = 0; i < Truncations; i++)
        {
            shared.Measure(other, At(0), default);
            AssertSame(alone.Measure(a, At(0), default), shared.Measure(b, At(0), default));
            AssertSame(a, b);
        }
    }

    [Fact]
    public void Step_Cancelled_LeavesTheState()
    {
        using Slot slot = CreateSlot(), untouched = CreateSlot();
        InnerState state = slot.Begin(1), same = untouched.Begin(1);
        slot.Measure(state, At(0), default);
        untouched.Measure(same, At(0), default);

        Assert.Throws<OperationCanceledException>(() => slot.Measure(state, At(0), new CancellationToken(true)));
        AssertSame(same, state);
        Assert.Throws<OperationCanceledException>(() => slot.Recompute(state, At(0).Theta, 5, new CancellationToken(true)));
        AssertSame(same, state);
    }

    [Fact]
    public void Gradients_OfASample_AreThoseOfTheDefinitionAndPure()
    {
        using var slot = CreateSlot();
        var sample = slot.Measure(slot.Begin(4), At(0), default);
        var (once, twice) = (CreateFormation().Gradients(sample), CreateFormation().Gradients(sample));

        Assert.Equal(_definition.Computed.Order(ByName), once.Select(g => g.Estimator).Order(ByName));
        Assert.All(once, g => Assert.Equal(_theta.Length, g.Values.Length));
        Assert.All(once, g => Assert.All(g.Values.ToArray(), v => Assert.True(float.IsFinite(v))));
        Assert.Equal(once.Select(g => g.Values.ToArray()), twice.Select(g => g.Values.ToArray()));
    }

    [Fact]
    public void Gradients_MeasuredGradientNotFinite_IsLeftOut()
    {
        using var slot = CreateSlot();
        var sample = slot.Measure(slot.Begin(4), At(0), default);
        var exploded = sample with
        {
            Gradients = [.. sample.Gradients.Select(g => g with { Outcome = GradientOutcome.NotFinite, Values = default })],
        };

        var expected = _definition.Computed.Except(_definition.Measured).Order(ByName);
        Assert.Equal(expected, CreateFormation().Gradients(exploded).Select(g => g.Estimator).Order(ByName));
    }

    [Fact]
    public void Step_StateNotFinite_EndsTheProblemAtTheCap()
    {
        using var slot = CreateSlot();
        var state = slot.Begin(1);
        foreach (var particle in state.Particles) particle.W[0] = float.NaN;
        var sample = slot.Measure(state, At(0), default);

        Assert.True(sample.ProblemFinished);
        Assert.All(sample.Losses, l => Assert.Equal(_specification.LossCap, l));
        Assert.All(CreateFormation().Gradients(sample), g => Assert.All(g.Values.ToArray(), v => Assert.Equal(0, v)));
    }

    private static Comparer<EstimatorId> ByName { get; } = Comparer<EstimatorId>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));

    private static void AssertSame(GradientSample a, GradientSample b)
    {
        Assert.Equal((a.Identity, a.StartStep, a.Steps, a.ProblemFinished), (b.Identity, b.StartStep, b.Steps, b.ProblemFinished));
        Assert.Equal(a.Losses, b.Losses);
        Assert.Equal(a.Gradients.Select(g => g.Values.ToArray()), b.Gradients.Select(g => g.Values.ToArray()));
    }

    private static void AssertSame(InnerState a, InnerState b)
    {
        Assert.Equal((a.InnerStep, a.NextTruncation), (b.InnerStep, b.NextTruncation));
        Assert.Equal(a.Particles.Select(p => p.W), b.Particles.Select(p => p.W));
        Assert.Equal(a.Particles.Select(p => p.M), b.Particles.Select(p => p.M));
        Assert.Equal(a.Accumulators.Select(x => x.Values), b.Accumulators.Select(x => x.Values));
    }

    private IGradientFormation CreateFormation() =>
        _definition.Method.CreateFormation(EstimatorOptions.From(_specification, _theta.Length));

    private Slot CreateSlot() => new(_specification, _dataset);

    /// <summary>θ of a version, each another one.</summary>
    private PublishedTheta At(long version) =>
        new(new ThetaSnapshot(version, _theta.Select(x => x * (1 + (0.1f * version))).ToArray()), SamplePlan.All);
}
