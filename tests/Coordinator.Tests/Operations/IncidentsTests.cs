using LoptCluster.Coordinator.Operations;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Operations;

public sealed class IncidentsTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly Incidents _sut = new();

    [Fact]
    public void AddTo_MoreThanIsKept_HasTheNewestFirst()
    {
        for (int i = 0; i < Incidents.Kept + 5; i++)
        {
            _sut.Refused(Start.AddSeconds(i), $"w{i}", RejectReason.WrongLength, "has 3 numbers, 610 were expected");
            _sut.Lost(Start.AddSeconds(i), $"w{i}", "host", problems: i);
        }

        var status = new Status();
        _sut.AddTo(status);

        Assert.Equal(Enumerable.Range(5, Incidents.Kept).Reverse().Select(i => $"w{i}"), status.Refusals.Select(r => r.WorkerId));
        Assert.Equal(Enumerable.Range(5, Incidents.Kept).Reverse(), status.LostWorkers.Select(l => l.Problems));
        Assert.Equal(Start.AddSeconds(24).ToUnixTimeMilliseconds(), status.Refusals[0].UnixMilliseconds);
    }

    [Fact]
    public void Remark_NamesTheLastRefusalWhileItIsNew()
    {
        Assert.Empty(_sut.Remark(Start));
        _sut.Refused(Start, "w1", RejectReason.WrongLength, "first");
        Assert.Equal("a message was refused from worker w1: first", _sut.Remark(Start));
        _sut.Refused(Start, "w2", RejectReason.WrongRun, "second");
        Assert.Equal("2 messages were refused, the last from worker w2: second", _sut.Remark(Start.AddMinutes(9)));
        Assert.Empty(_sut.Remark(Start.AddMinutes(11)));
    }

    [Fact]
    public void Refused_TextOfAStranger_IsCut()
    {
        _sut.Refused(Start, new string('w', 100_000), RejectReason.Malformed, new string('d', 100_000));

        var status = new Status();
        _sut.AddTo(status);

        Assert.InRange(status.CalculateSize(), 100, 2000);
    }
}
