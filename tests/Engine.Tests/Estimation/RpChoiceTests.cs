using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

public sealed class RpChoiceTests
{
    private static readonly RunSpecification Adaptive = new() { RpShare = RpSharePolicy.Adaptive, BatchSamples = 64 };

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.7)]
    public void Computes_Asynchronous_ThatShareOfAllSamples(double share)
    {
        const int problems = 200, truncations = 100;
        int chosen = Samples(problems, truncations).Count(s => RpChoice.Computes(Adaptive, At(share), s));

        double standardError = Math.Sqrt(share * (1 - share) / (problems * truncations));
        Assert.InRange((double)chosen / (problems * truncations), share - (4 * standardError), share + (4 * standardError));
    }

    [Fact]
    public void Computes_Asynchronous_DependsOnSeedAndIdentityAlone()
    {
        bool[] chosen = Choices(Adaptive, version: 0);
        Assert.Equal(chosen, Choices(Adaptive, version: 99));
        Assert.NotEqual(chosen, Choices(Adaptive with { Seed = 2 }, version: 0));

        static bool[] Choices(RunSpecification s, long version) => [.. Samples(20, 10).Select(i => RpChoice.Computes(s, At(0.5, version), i))];
    }

    [Theory]
    [InlineData(0.25, 16)]
    [InlineData(0.5, 32)]
    [InlineData(0.26, 17)]
    [InlineData(0.01, 16)]
    [InlineData(0.999, 64)]
    public void Computes_Synchronous_ExactlySoManyLanesOfEachUpdate(double share, int expected)
    {
        var synchronous = Adaptive with { Mode = RunMode.Synchronous };
        HashSet<string> draws = [];
        for (long version = 0; version < 20; version++)
        {
            // Lanes are at different problems and truncations; only the lane counts.
            bool[] lanes = [.. Enumerable.Range(0, 64).Select(lane => RpChoice.Computes(synchronous, At(share, version), new SampleIdentity(lane + (64 * (lane % 5)), lane % 3)))];
            Assert.Equal(expected, lanes.Count(chosen => chosen));
            draws.Add(string.Join("", lanes));
        }

        Assert.Equal(expected < 64 ? 20 : 1, draws.Count);
    }

    [Fact]
    public void Computes_ShareOneOrPolicyAll_IsEverySample()
    {
        Assert.All(Samples(50, 2), s => Assert.True(RpChoice.Computes(Adaptive, At(1), s)));
        Assert.All(Samples(50, 2), s => Assert.True(RpChoice.Computes(Adaptive with { RpShare = RpSharePolicy.All }, At(0.1), s)));
        Assert.All(Samples(50, 2), s => Assert.False(RpChoice.Computes(Adaptive with { RpShare = RpSharePolicy.All, Estimator = Estimator.Es }, At(1), s)));
    }

    private static ThetaSnapshot At(double share, long version = 0) => new(version, new float[1]) { RpShare = share };

    private static IEnumerable<SampleIdentity> Samples(int problems, int truncations) =>
        from problem in Enumerable.Range(0, problems)
        from truncation in Enumerable.Range(0, truncations)
        select new SampleIdentity(problem, truncation);
}
