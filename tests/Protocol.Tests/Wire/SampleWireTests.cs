using Google.Protobuf;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using Xunit;

namespace LoptCluster.Protocol.Tests.Wire;

public sealed class SampleWireTests
{
    private const int ThetaLength = 610;

    private static readonly GradientSample WithoutGradients = new()
    {
        Identity = new SampleIdentity(1_000_000, 300),
        ThetaVersion = 4_000,
        StartStep = 9_000,
        Steps = 500,
        Losses = [1.25, 1.5],
        ProblemFinished = true,
        Elapsed = TimeSpan.FromSeconds(1.5),
    };

    [Fact]
    public void Sample_ThereAndBack_IsTheSame()
    {
        var sample = WithGradient(GradientOutcome.Finite, Enumerable.Range(0, ThetaLength).Select(i => i / 7f).ToArray());
        var back = SampleWire.FromProto(SampleWire.ToProto(sample, "hash"));

        Assert.Equal(sample with { Losses = [], Gradients = [] }, back with { Losses = [], Gradients = [] });
        Assert.Equal(sample.Losses, back.Losses);
        var (sent, received) = (Assert.Single(sample.Gradients), Assert.Single(back.Gradients));
        Assert.Equal((sent.Estimator, sent.Outcome, sent.Elapsed), (received.Estimator, received.Outcome, received.Elapsed));
        Assert.Equal(sent.Values.ToArray(), received.Values.ToArray());
    }

    [Fact]
    public void Sample_GradientNotFinite_ArrivesWithoutValues()
    {
        var back = SampleWire.FromProto(SampleWire.ToProto(WithGradient(GradientOutcome.NotFinite, []), "hash"));

        Assert.Equal((GradientOutcome.NotFinite, 0), (back.Gradients[0].Outcome, back.Gradients[0].Values.Length));
    }

    /// <summary>g_es is formed from the losses where samples are merged, so a sample without g_rp carries no vector.</summary>
    [Fact]
    public void ToProto_SampleWithoutGradients_TakesSomeHundredBytes() =>
        Assert.InRange(Size(WithoutGradients), 50, 250);

    [Fact]
    public void ToProto_SampleWithRp_TakesOneVector() =>
        Assert.InRange(
            Size(WithGradient(GradientOutcome.Finite, new float[ThetaLength])) - Size(WithoutGradients),
            sizeof(float) * ThetaLength,
            (sizeof(float) * ThetaLength) + 40);

    private static int Size(GradientSample sample) =>
        SampleWire.ToProto(sample, new string('a', 64), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").ToByteArray().Length;

    private static GradientSample WithGradient(GradientOutcome outcome, float[] values) =>
        WithoutGradients with { Gradients = [new MeasuredGradient(EstimatorId.Rp, outcome, values, TimeSpan.FromSeconds(0.5))] };
}
