using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.OuterTraining;

public sealed class StalenessRuleTests
{
    [Theory]
    [InlineData(StalenessPolicy.Off, 1000, true)]
    [InlineData(StalenessPolicy.Drop, 10, true)]
    [InlineData(StalenessPolicy.Drop, 11, false)]
    [InlineData(StalenessPolicy.Weight, 11, true)]
    public void Counts_FollowsThePolicy(StalenessPolicy policy, long age, bool counts) =>
        Assert.Equal(counts, new StalenessRule(policy, 10).Counts(age));

    [Fact]
    public void Weights_PolicyWeight_FallWithAge()
    {
        var rule = new StalenessRule(StalenessPolicy.Weight, 10);
        Assert.Equal([1.0, 0.5], rule.Weights([UpdateSamples.Of(0, 0, version: 20), UpdateSamples.Of(1, 0, version: 10)], 20));
    }

    [Theory]
    [InlineData(StalenessPolicy.Off)]
    [InlineData(StalenessPolicy.Drop)]
    public void Weights_OtherPolicies_AreNone(StalenessPolicy policy) =>
        Assert.Empty(new StalenessRule(policy, 10).Weights([UpdateSamples.Of(0, 0)], 20));
}
