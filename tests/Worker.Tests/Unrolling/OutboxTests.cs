using System.Diagnostics;
using System.Threading.Channels;
using LoptCluster.Shared.Run;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Unrolling;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class OutboxTests
{
    private readonly Outbox _outbox = new(slots: 2);
    private readonly Channel<OutboundMessage> _connection = Channel.CreateUnbounded<OutboundMessage>();

    [Fact]
    public void Enqueue_Connected_SendsAndKeeps()
    {
        _outbox.Connect(_connection.Writer);
        var sample = Enqueue(1, 0);
        Assert.Equal([new OutboundMessage.StatusDue(), sample], Sent());
        Assert.False(_outbox.IsEmpty);
    }

    [Fact]
    public void Connect_WithUnacknowledgedSamples_SendsStatusThenTheSamplesInOrder()
    {
        OutboundMessage.Measured[] samples = [Enqueue(1, 0), Enqueue(2, 0), Enqueue(1, 1)];
        _outbox.Acknowledge(new SampleIdentity(2, 0), "Accepted");
        _outbox.Connect(_connection.Writer);
        Assert.Equal([new OutboundMessage.StatusDue(), samples[0], samples[2]], Sent());
    }

    [Fact]
    public void Send_WithoutConnection_IsLost()
    {
        _outbox.Send(new OutboundMessage.Goodbye("stopped", []));
        _outbox.Connect(_connection.Writer);
        Assert.Equal([new OutboundMessage.StatusDue()], Sent());
    }

    [Fact]
    public void Acknowledge_UnknownIdentity_ChangesNothing()
    {
        Enqueue(1, 0);
        _outbox.Acknowledge(new SampleIdentity(1, 1), "Accepted");
        Assert.False(_outbox.IsEmpty);
        _outbox.Acknowledge(new SampleIdentity(1, 0), "Accepted");
        Assert.True(_outbox.IsEmpty);
    }

    [Fact]
    public void Revoke_ForgetsTheProblemsSamplesOnly()
    {
        Enqueue(1, 0);
        var kept = Enqueue(2, 0);
        Enqueue(1, 1);
        _outbox.Revoke(1);
        _outbox.Connect(_connection.Writer);
        Assert.Equal([new OutboundMessage.StatusDue(), kept], Sent());
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(3, 11)]
    public void HasRoom_FourSamplesASlotAndOneAProblem(int heldProblems, int most)
    {
        for (int i = 0; i < most; i++)
        {
            Assert.True(_outbox.HasRoom(heldProblems));
            Enqueue(0, i);
        }

        Assert.False(_outbox.HasRoom(heldProblems));
    }

    [Fact]
    public void FinishedProblems_LastSampleUnacknowledged_AreThoseAtTheirEnd()
    {
        Enqueue(1, 0);
        _outbox.Enqueue(Samples.Measured(Samples.Of(2, 3, finished: true)));
        Assert.Equal([new ProblemPosition(2, 4, 40)], _outbox.FinishedProblems);
    }

    [Fact]
    public void Acknowledge_Traced_EndsTheSpanWithTheOutcome()
    {
        using var span = new Activity("sample").Start();
        _outbox.Enqueue(Samples.Measured(Samples.Of(1, 0), span));
        Assert.False(span.IsStopped);
        _outbox.Acknowledge(new SampleIdentity(1, 0), "Stale");
        Assert.True(span.IsStopped);
        Assert.Equal("Stale", span.GetTagItem("lopt.outcome"));
    }

    private OutboundMessage.Measured Enqueue(long problemId, int truncation)
    {
        var sample = Samples.Measured(Samples.Of(problemId, truncation));
        _outbox.Enqueue(sample);
        return sample;
    }

    private List<OutboundMessage> Sent()
    {
        var sent = new List<OutboundMessage>();
        while (_connection.Reader.TryRead(out var message)) sent.Add(message);
        return sent;
    }
}
