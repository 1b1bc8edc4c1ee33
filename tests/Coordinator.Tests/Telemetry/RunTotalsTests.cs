using LoptCluster.Coordinator.Telemetry;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Telemetry;

public sealed class RunTotalsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 8, 0, 0, TimeSpan.Zero);

    private readonly RunTotals _totals = new();

    [Fact]
    public void Rates_SteadySamples_AreThoseOfTheLastTenSeconds()
    {
        for (int i = 0; i < 300; i++) Note(i * 0.1, steps: i < 150 ? 1000 : 20, seconds: 0.25);

        var (samples, innerSteps, seconds) = _totals.Rates(At(29.9));

        // Samples of one tenth of a second share a place.
        Assert.InRange(samples, 9.9, 10.2);
        Assert.Equal(samples * 40, innerSteps, 1e-9);
        Assert.Equal(0.25, seconds, 1e-12);
        Assert.Equal(0.25 / 20, _totals.SlotSecondsPerPairStep, 1e-12);
    }

    [Fact]
    public void Rates_NothingLately_AreZero()
    {
        Assert.Equal((0, 0, double.NaN), _totals.Rates(At(0)));
        Note(0, steps: 20, seconds: 1);
        Assert.Equal(1, _totals.Rates(At(0)).Samples);
        Assert.Equal((0, 0, double.NaN), _totals.Rates(At(11)));
        Assert.Equal(double.NaN, _totals.SlotSecondsPerPairStep);
        Assert.Equal(1, _totals.Accepted);
    }

    [Fact]
    public void Rates_ClockSetBack_AreThoseSinceThen()
    {
        for (int i = 0; i < 50; i++) Note(i * 0.1, steps: 20, seconds: 1);
        for (int i = 0; i < 40; i++) Note(-3600 + (i * 0.1), steps: 20, seconds: 1);

        Assert.InRange(_totals.Rates(At(-3600 + 4)).Samples, 9.9, 10.1);
    }

    private static DateTimeOffset At(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    private void Note(double at, int steps, double seconds) => _totals.NoteSample(
        At(at), Fabricated.Sample(problem: 1, truncation: 0) with { Steps = steps, Elapsed = TimeSpan.FromSeconds(seconds) }, counts: true);
}
