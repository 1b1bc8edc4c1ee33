using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Search;

public sealed class SearchSpaceTests
{
    private const int Draws = 2000;

    public static TheoryData<string> Families =>
        [
            .. OptimizerFamilies.Trainable.Where(f => f.Theta.HyperParameters.Length > 0).Select(f => f.Name),
            .. OptimizerFamilies.Baselines.Select(f => f.Name),
        ];

    [Theory]
    [MemberData(nameof(Families))]
    public void Draw_EveryFamily_StaysInItsRangesAndFillsThem(string name)
    {
        var family = OptimizerFamilies.Find(name)!;
        var sut = SearchSpaces.Of(family, innerSteps: 500);
        var thetas = Enumerable.Range(2, Draws).Select(i => sut.Draw(seed: 1, i)).ToList();
        foreach (var range in sut.Ranges)
        {
            int index = family.Theta.IndexOf(range.Name);
            var parameter = family.Theta.HyperParameters[index];
            Func<double, double> scale = range.Logarithmic ? Math.Log : x => parameter.ToTheta(x);
            double from = scale(range.Lowest), to = scale(range.Highest);
            var shares = thetas.Select(theta => (scale(parameter.FromTheta(theta[index])) - from) / (to - from)).ToList();
            Assert.All(shares, share => Assert.InRange(share, -1e-6, 1 + 1e-6));
            // Uniform: a mean of 2,000 draws is off by 0.0065 (one standard error).
            Assert.Equal(0.5, shares.Average(), 0.03);
            Assert.InRange(shares.Min(), -1e-6, 0.01);
            Assert.InRange(shares.Max(), 0.99, 1 + 1e-6);
        }
    }

    [Fact]
    public void Draw_First_HasThePublishedValues()
    {
        var sut = SearchSpaces.Of(OptimizerFamilies.AdamRegDecay, innerSteps: 500);
        Assert.Equal(OptimizerFamilies.AdamRegDecay.Theta.Point(), sut.Draw(seed: 7, configuration: 1));
        Assert.NotEqual(sut.Draw(7, 1), sut.Draw(7, 2));
    }

    [Fact]
    public void Draw_SeedAndNumber_DecideIt()
    {
        var sut = SearchSpaces.Of(OptimizerFamilies.Adam, innerSteps: 500);
        Assert.Equal(sut.Draw(1, 5), sut.Draw(1, 5));
        Assert.NotEqual(sut.Draw(1, 5), sut.Draw(2, 5));
        Assert.NotEqual(sut.Draw(1, 5), sut.Draw(1, 6));
    }

    [Theory]
    [InlineData(10_000, 1e-7, 1e-4)]
    [InlineData(500, 2e-6, 2e-3)]
    public void Of_Decays_AreForTrainingsOfThatLength(int innerSteps, double lowest, double highest)
    {
        var range = SearchSpaces.Of(OptimizerFamilies.AdamRegDecay, innerSteps).Ranges.Single(r => r.Name == "linearDecay");
        Assert.Equal(lowest, range.Lowest, 1e-12);
        Assert.Equal(highest, range.Highest, 1e-9);
    }

    [Fact]
    public void Of_Mlp_IsRefused() =>
        Assert.Throws<ArgumentException>(() => OptimizerFactory.SearchSpace(new RunSpecification { Optimizer = OptimizerKind.Mlp16 }));
}
