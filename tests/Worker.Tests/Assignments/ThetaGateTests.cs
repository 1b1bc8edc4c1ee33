using LoptCluster.Shared.Specification;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Tests.Unrolling;
using Xunit;

namespace LoptCluster.Worker.Tests.Assignments;

public sealed class ThetaGateTests
{
    [Theory]
    [InlineData(RunMode.Asynchronous, 0)]
    [InlineData(RunMode.Synchronous, 6)]
    public void EarliestVersionAfter_SampleAtVersionFive_DependsOnTheRunMode(RunMode mode, long expected) =>
        Assert.Equal(expected, ThetaGate.For(mode).EarliestVersionAfter(Samples.Of(0, 0, thetaVersion: 5)));

    [Fact]
    public void For_EveryRunMode_HasAGate() => Assert.All(Enum.GetValues<RunMode>(), mode => Assert.NotNull(ThetaGate.For(mode)));
}
