using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Membership;

public sealed class MembersTests : IDisposable
{
    private readonly RunParts _parts = new();
    private readonly WorkerSession _session = RunParts.Session("worker", slots: 2);

    private Members Sut => _parts.Get<Members>();

    public void Dispose() => _parts.Dispose();

    /// <summary>WorkAssignment looks at workers again only if it is another list.</summary>
    [Fact]
    public void Available_IsAnotherListOnlyIfAWorkerOrItsUsableSlotsHaveChanged()
    {
        Sut.OnJoined(RunParts.Session("small"));
        var session = RunParts.Session("large", slots: 40);
        Sut.OnJoined(session);
        var (list, worker) = (Sut.Available, Sut.Find(session)!);
        Assert.Same(list, Sut.Available);

        worker.NoteDelivered();
        Assert.NotSame(list, list = Sut.Available);
        for (int i = 0; i < 10; i++) worker.NoteDelivered();
        Assert.NotSame(list, list = Sut.Available);
        worker.NoteDelivered();
        Assert.Same(list, Sut.Available);

        worker.Stalled = true;
        Assert.Equal(["small"], Sut.Available.Select(w => w.WorkerId));
        worker.Stalled = false;
        Sut.OnMoved(session, "elsewhere");
        Assert.Equal(["small"], Sut.Available.Select(w => w.WorkerId));
        Sut.OnJoined(RunParts.Session("third"));
        Assert.Equal(["small", "third"], Sut.Available.Select(w => w.WorkerId));
        Sut.Expel("third", new LoptCluster.Coordinator.Sessions.Refusal(RefusalReason.Malformed, "it lies"));
        Assert.Equal(["small"], Sut.Available.Select(w => w.WorkerId));
    }

    [Fact]
    public void OnJoined_WorkerOfTheRelease_IsWelcomedFirst()
    {
        Sut.OnJoined(_session);

        Assert.NotNull(Assert.Single(_parts.Flush(_session)).Welcome);
        Assert.Equal([_session], Sut.Available);
        Assert.Same(_session, Sut.Find(_session)?.Session);
    }

    [Fact]
    public void OnJoined_NoSlot_IsRefusedForGood()
    {
        var session = RunParts.Session("worker", slots: 0);

        Sut.OnJoined(session);

        Assert.True(Assert.Single(_parts.Flush(session)).Reject.Fatal);
        Assert.Empty(Sut.Connected);
    }

    /// <summary>It has a place in the fleet before it is refused: what the others get of the fleet must remain a number.</summary>
    [Theory]
    [InlineData(int.MaxValue, ProtocolLimits.MostSlots)]
    [InlineData(int.MinValue, 0)]
    [InlineData(7, 7)]
    public void Session_SlotsBeyondAllBounds_CountAsFarAsTheProtocolAllows(int slots, int counted) =>
        Assert.Equal(counted, RunParts.Session("worker", slots).Slots);

    [Fact]
    public void OnJoined_SameIdAgain_ReplacesTheOlderSession()
    {
        Sut.OnJoined(_session);
        var again = RunParts.Session("worker");

        Sut.OnJoined(again);
        Sut.OnLeft(_session);

        Assert.True(_session.Aborted);
        Assert.Null(Sut.Find(_session));
        Assert.Same(again, Assert.Single(Sut.Connected).Session);
        Assert.Empty(Sut.Lost);
    }

    /// <summary>One that hides which process it is would otherwise put out any worker whose id it knows.</summary>
    [Theory]
    [InlineData("two")]
    [InlineData("")]
    public void OnJoined_IdOfAnotherProcessThatIsConnected_IsTurnedAwayUntilThatIsSilent(string instance)
    {
        var first = RunParts.Session("worker", instance: "one");
        var other = RunParts.Session("worker", instance: instance);
        Sut.OnJoined(first);

        Sut.OnJoined(other);

        var reject = Assert.Single(_parts.Flush(other)).Reject;
        Assert.Equal((RejectReason.WorkerIdInUse, false), (reject.Reason, reject.Fatal));
        Assert.Equal(
            "worker id 'worker' belongs to a worker on 'host' that is connected; give each worker an id of its own", reject.Detail);
        Assert.Same(first, Assert.Single(Sut.Connected).Session);
        Assert.False(first.Aborted);

        _parts.Time.Advance((2 * _parts.Times.HeartbeatInterval) + TimeSpan.FromSeconds(1));
        Sut.OnJoined(RunParts.Session("worker", instance: instance));
        Assert.True(first.Aborted);
    }

    [Fact]
    public void OnJoined_SameProcessAgain_ReplacesTheOlderSessionAtOnce()
    {
        var first = RunParts.Session("worker", instance: "one");
        Sut.OnJoined(first);

        Sut.OnJoined(RunParts.Session("worker", instance: "one"));

        Assert.True(first.Aborted);
    }

    [Fact]
    public void OnTick_WorkerThatDoesNotRead_IsCutOff()
    {
        Sut.OnJoined(_session);
        for (int i = 0; i < 5000; i++) _session.Send(new PauseChanged(false));
        Sut.OnTick();
        Assert.False(_session.Aborted);
        for (int i = 0; i < 100; i++) _session.Send(new PauseChanged(false));

        Sut.OnTick();

        Assert.True(_session.Aborted);
        Assert.Empty(Sut.Connected);
    }

    [Fact]
    public void OnJoined_Paused_IsHeld()
    {
        _parts.Get<RunPhase>().SetPaused(true);

        Sut.OnJoined(_session);

        Assert.True(_parts.Flush(_session)[1].SetPaused.Paused);
    }

    [Fact]
    public void OnTick_SilentForLongerThanAllowed_IsLostAndThenForgotten()
    {
        Sut.OnJoined(_session);

        _parts.Time.Advance(_parts.Times.Silence);
        Sut.OnTick();
        Assert.Single(Sut.Connected);
        _parts.Time.Advance(TimeSpan.FromMilliseconds(1));
        Sut.OnTick();

        Assert.True(_session.Aborted);
        Assert.Empty(Sut.Connected);
        Assert.Equal("worker", Assert.Single(Sut.Lost).Session.WorkerId);
        Assert.Equal("worker", Assert.Single(_parts.Get<Incidents>().Lost).WorkerId);

        _parts.Time.Advance(_parts.Times.LostWorkerGrace);
        Sut.OnTick();
        Assert.Empty(Sut.Lost);
    }

    [Fact]
    public void OnHeartbeat_AnotherDatasetThanTheRuns_IsExpelled()
    {
        var second = RunParts.Session("second");
        Sut.OnJoined(_session);
        Sut.OnJoined(second);
        Sut.OnHeartbeat(Sut.Find(_session)!, new HeartbeatReceived(7, "unrolling", SmallRun.Dataset.Fingerprint, ""));

        Sut.OnHeartbeat(Sut.Find(second)!, new HeartbeatReceived(7, "unrolling", "another", ""));

        Assert.Equal(RejectReason.WrongDataset, _parts.Flush(second)[^1].Reject.Reason);
        Assert.Equal((7, "unrolling"), (Assert.Single(Sut.Connected).InnerStepsPerSecond, Assert.Single(Sut.Connected).Activity));
    }

    [Fact]
    public void DismissAll_NoGoodbyeInTime_IsGivenUp()
    {
        Sut.OnJoined(_session);
        Sut.DismissAll("the test ends");
        Sut.DismissAll("the test ends twice");

        Assert.Equal(["the test ends"], _parts.Flush(_session).Select(m => m.Drain?.Reason).OfType<string>());
        Assert.Empty(Sut.Available);
        _parts.Time.Advance(MembershipTimes.Farewell - TimeSpan.FromMilliseconds(1));
        Sut.GiveUpOverdue();
        Assert.Single(Sut.Connected);
        _parts.Time.Advance(TimeSpan.FromMilliseconds(1));
        Sut.GiveUpOverdue();
        Assert.Empty(Sut.Connected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OnGoodbye_OfAFailedWorker_KeepsItsLastWords(bool failed)
    {
        Sut.OnJoined(_session);

        Sut.OnGoodbye(Sut.Find(_session)!, new GoodbyeReceived("no files", failed));

        Assert.Equal(
            failed ? [(_session.WorkerId, "no files")] : [],
            _parts.Get<Incidents>().Failed.Select(f => (f.WorkerId, f.Reason)));
    }

    [Fact]
    public void OnGoodbye_IsNeitherConnectedNorLost()
    {
        Sut.OnJoined(_session);

        Sut.OnGoodbye(Sut.Find(_session)!, new GoodbyeReceived("done"));
        Sut.OnLeft(_session);

        Assert.Empty(Sut.Connected);
        Assert.Empty(Sut.Lost);
    }
}
