using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Telemetry;

public sealed class IncidentsTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly Incidents _sut = new();

    [Fact]
    public void Notes_MoreThanAreKept_HaveTheNewestFirst()
    {
        for (int i = 0; i < Incidents.Kept + 5; i++)
        {
            _sut.NoteRefusal(Start.AddSeconds(i), $"w{i}", new Refusal(RefusalReason.WrongLength, "has 3 numbers, 610 were expected"));
            _sut.NoteLost(Start.AddSeconds(i), $"w{i}", "host", problems: i);
        }

        Assert.Equal(Enumerable.Range(5, Incidents.Kept).Reverse().Select(i => $"w{i}"), _sut.Refusals.Select(r => r.WorkerId));
        Assert.Equal(Enumerable.Range(5, Incidents.Kept).Reverse(), _sut.Lost.Select(l => l.Problems));
        Assert.Equal(Start.AddSeconds(24), _sut.Refusals.First().At);
    }
}
