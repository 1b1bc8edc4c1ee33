using LoptCluster.Hosting;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Hosting;

public sealed class SteadyTimeTests
{
    [Fact]
    public void GetUtcNow_ClockThatIsSetBackAndForth_MovesOnByTheMonotonicOne()
    {
        var clock = new SetClock { UtcNow = DateTimeOffset.UnixEpoch.AddDays(20_000) };
        var sut = new SteadyTime(clock);
        var start = sut.GetUtcNow();
        Assert.Equal(clock.UtcNow, start);

        clock.UtcNow = start.AddHours(-1);
        clock.Timestamp += 3 * clock.TimestampFrequency;
        Assert.Equal(start.AddSeconds(3), sut.GetUtcNow());

        clock.UtcNow = start.AddHours(5);
        clock.Timestamp += clock.TimestampFrequency;
        Assert.Equal(start.AddSeconds(4), sut.GetUtcNow());
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset UtcNow { get; set; }

        public long Timestamp { get; set; } = 5;

        public override long TimestampFrequency => 1000;

        public override DateTimeOffset GetUtcNow() => UtcNow;

        public override long GetTimestamp() => Timestamp;
    }
}
