using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

public sealed class MeasurementChoiceTests
{
    private static readonly RunSpecification Adaptive = new() { RpShare = RpSharePolicy.Adaptive, BatchSamples = 64 };

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.7)]
    public void Of_Asynchronous_ThatShareOfAllSamples(double share)
    {
        const int problems = 200, truncations = 100;
        var choice = MeasurementChoice.From(Adaptive);
        int chosen = Samples(problems, truncations).Count(s => Measures(choice, share, 0, s));

        double standardError = Math.Sqrt(share * (1 - share) / (problems * truncations));
        Assert.InRange((double)chosen / (problems * truncations), share - (4 * standardError), share + (4 * standardError));
    }

    [Fact]
    public void Of_Asynchronous_DependsOnSeedAndIdentityAlone()
    {
        bool[] chosen = Choices(Adaptive, version: 0);
        Assert.Equal(chosen, Choices(Adaptive, version: 99));
        Assert.NotEqual(chosen, Choices(Adaptive with { Seed = 2 }, version: 0));

        static bool[] Choices(RunSpecification s, long version) =>
            [.. Samples(20, 10).Select(i => Measures(MeasurementChoice.From(s), 0.5, version, i))];
    }

    [Theory]
    [InlineData(0.25, 16)]
    [InlineData(0.5, 32)]
    [InlineData(0.26, 17)]
    [InlineData(0.01, 16)]
    [InlineData(0.999, 64)]
    public void Of_Synchronous_ExactlySoManyLanesOfEachUpdate(double share, int expected)
    {
        var choice = MeasurementChoice.From(Adaptive with { Mode = RunMode.Synchronous });
        HashSet<string> draws = [];
        for (long version = 0; version < 20; version++)
        {
            // Lanes are at different problems and truncations; only the lane counts.
            bool[] lanes = [.. Enumerable.Range(0, 64)
                .Select(lane => Measures(choice, share, version, new SampleIdentity(lane + (64 * (lane % 5)), lane % 3)))];
            Assert.Equal(expected, lanes.Count(chosen => chosen));
            draws.Add(string.Join("", lanes));
        }

        Assert.Equal(expected < 64 ? 20 : 1, draws.Count);
    }

    [Fact]
    public void Of_ShareOne_IsEverySample() =>
        Assert.All(Samples(50, 2), s => Assert.True(Measures(MeasurementChoice.From(Adaptive), 1, 0, s)));

    [Fact]
    public void Of_EstimatorThatMeasuresNothing_IsNoSample()
    {
        var choice = MeasurementChoice.From(Adaptive with { RpShare = RpSharePolicy.All, Estimator = Estimator.Es });
        Assert.All(Samples(50, 2), s => Assert.False(Measures(choice, 1, 0, s)));
    }

    private static bool Measures(MeasurementChoice choice, double share, long version, SampleIdentity sample) =>
        choice.Of(new SamplePlan(share), version, sample).Contains(EstimatorId.Rp);

    private static IEnumerable<SampleIdentity> Samples(int problems, int truncations) =>
        from problem in Enumerable.Range(0, problems)
        from truncation in Enumerable.Range(0, truncations)
        select new SampleIdentity(problem, truncation);
}
