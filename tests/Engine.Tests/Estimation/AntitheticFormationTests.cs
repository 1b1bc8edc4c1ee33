using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

public sealed class AntitheticFormationTests
{
    private const int ThetaLength = 5;

    private static readonly RunSpecification Specification = new() { Seed = 3, PerturbationStd = 0.2 };

    /// <summary>
    /// ½ (L⁺ − L⁻) e / σ² with e of the sample's own draw; the same roundings as the run's bits: the coefficient in double, one rounding
    /// per element.
    /// </summary>
    [Theory]
    [InlineData(true, 0.5)]
    [InlineData(false, 1.0)]
    public void Gradients_OfLosses_IsTheDefinitionBitForBit(bool halfFactor, double factor)
    {
        var gradient = Assert.Single(Form(Specification with { HalfFactor = halfFactor }, Sample(1.75, 1.5)));

        float[] e = new float[ThetaLength];
        new RandomStream(3, RandomPurpose.Perturbation, 8, 2).FillNormal(e, 0.2);
        double coefficient = factor * (1.75 - 1.5) / (0.2 * 0.2);
        Assert.Equal(EstimatorId.Es, gradient.Estimator);
        Assert.Equal(e.Select(x => (float)(coefficient * x)), gradient.Values.ToArray());
    }

    [Fact]
    public void Gradients_OtherTruncation_HasAnotherPerturbation() => Assert.NotEqual(
        Form(Specification, Sample(2, 1))[0].Values.ToArray(),
        Form(Specification, Sample(2, 1) with { Identity = new SampleIdentity(8, 3) })[0].Values.ToArray());

    [Fact]
    public void Gradients_MeasuredGradient_IsHandedOn()
    {
        float[] rp = [1, 2, 3, 4, 5];
        var sample = Sample(1, 1) with { Gradients = [MeasuredGradient.Of(EstimatorId.Rp, rp, TimeSpan.Zero)] };

        Assert.Equal([EstimatorId.Rp, EstimatorId.Es], Form(Specification, sample).Select(g => g.Estimator));
        Assert.Equal(rp, Form(Specification, sample)[0].Values.ToArray());
    }

    private static IReadOnlyList<EstimatorGradient> Form(RunSpecification specification, GradientSample sample) =>
        EstimatorRegistry.Find(Estimator.Merged).Method.CreateFormation(
            EstimatorOptions.From(specification, ThetaLength)).Gradients(sample);

    private static GradientSample Sample(double positive, double negative) => new()
    {
        Identity = new SampleIdentity(8, 2),
        ThetaVersion = 0,
        StartStep = 0,
        Steps = 1,
        Losses = [positive, negative],
        ProblemFinished = false,
    };
}
