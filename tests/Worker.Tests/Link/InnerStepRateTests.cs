using LoptCluster.Worker.Link;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Worker.Tests.Link;

public sealed class InnerStepRateTests
{
    [Fact]
    public void Next_StepsOverTime_AreCountedSinceTheLastCall()
    {
        var time = new FakeTimeProvider();
        var rate = new InnerStepRate(time, 100);
        Assert.Equal(0, rate.Next(100));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(50, rate.Next(200));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, rate.Next(210));
    }
}
