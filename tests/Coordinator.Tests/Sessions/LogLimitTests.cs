using LoptCluster.Coordinator.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Sessions;

public sealed class LogLimitTests
{
    [Fact]
    public void Passes_FloodOfLines_LetsAFewPassAndTellsHowManyDidNot()
    {
        var time = new FakeTimeProvider();
        var sut = new LogLimit(time);
        var passed = new List<bool>();
        for (int i = 0; i < 1000; i++)
        {
            passed.Add(sut.Passes(out int left));
            Assert.Equal(0, left);
        }

        Assert.Equal(LogLimit.Most, passed.Count(p => p));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(sut.Passes(out int missed));
        Assert.Equal(1000 - LogLimit.Most, missed);
        Assert.True(sut.Passes(out missed));
        Assert.Equal(0, missed);
    }
}
