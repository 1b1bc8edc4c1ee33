using LoptCluster.Coordinator.Web;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Web.Tests;

public sealed class NoticesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    private readonly Status _status = new() { State = RunState.Running, OuterUpdate = 50, OuterUpdatesTotal = 100, SecondsRunning = 100, BestVersion = 40 };

    [Fact]
    public void Of_AllWell_IsNothing() => Assert.Empty(Of());

    [Theory]
    [InlineData(RunState.WaitingForWorkers, "bad")]
    [InlineData(RunState.Paused, "info")]
    [InlineData(RunState.Running, "warning")]
    public void Of_TheCoordinatorsMessage_IsSaidAsTheStateDemands(RunState state, string level)
    {
        (_status.State, _status.Message) = (state, "something");

        Assert.Equal([new Notice(level, "something")], Of());
    }

    [Fact]
    public void Of_LostWorkers_NamesThemWhileTheyAreNews()
    {
        _status.Workers.Add(new WorkerStatus { WorkerId = "w1", State = "lost" });
        _status.Workers.Add(new WorkerStatus { WorkerId = "w2", State = "unrolling" });
        Assert.StartsWith("Worker w1 is lost", Assert.Single(Of()).Text, StringComparison.Ordinal);

        _status.Workers.RemoveAt(0);
        _status.LostWorkers.Add(new LostWorker { WorkerId = "w1", UnixMilliseconds = Now.AddSeconds(-40).ToUnixTimeMilliseconds() });
        Assert.Equal("Worker w1 was lost 40 s ago and did not come back. Others go on with the problems.", Assert.Single(Of()).Text);

        // It is back.
        _status.LostWorkers[0].WorkerId = "w2";
        Assert.Empty(Of());
        _status.LostWorkers[0] = new LostWorker { WorkerId = "w1", UnixMilliseconds = Now.AddMinutes(-6).ToUnixTimeMilliseconds() };
        Assert.Empty(Of());
    }

    [Fact]
    public void Of_ManyLost_CountsThem()
    {
        for (int i = 0; i < 7; i++) _status.Workers.Add(new WorkerStatus { WorkerId = $"w{i}", State = "lost" });

        Assert.StartsWith("7 workers are lost", Assert.Single(Of()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, "warning", "1 message refused, the last from worker w: 3 numbers")]
    [InlineData(5, 0, "bad", "Refusals are rising: 5 in the last minute, the last from worker w: 3 numbers")]
    [InlineData(20, 0, "bad", "Refusals are rising: at least 20 in the last minute, the last from worker w: 3 numbers")]
    [InlineData(5, 120, "warning", "5 messages refused, the last from worker w: 3 numbers")]
    public void Of_Refusals_SaysWhetherTheyRise(int count, int secondsAgo, string level, string text)
    {
        Refuse(count, secondsAgo);

        Assert.Equal([new Notice(level, text)], Of());
    }

    [Fact]
    public void Of_RefusalsThatTheMessageTellsToo_AreToldOnce()
    {
        Refuse(2, 5);
        _status.Message = "2 messages were refused, the last from worker w: 3 numbers";

        Assert.Single(Of());
    }

    [Fact]
    public void Of_OldRefusals_IsNothing()
    {
        Refuse(5, 700);

        Assert.Empty(Of());
    }

    [Theory]
    [InlineData(30, 1, false)]
    [InlineData(70, 1, true)]
    [InlineData(70, 20, false)]
    [InlineData(250, 20, true)]
    public void Of_NoUpdateForMuchLongerThanOneTakes_SaysSo(double since, double secondsAnUpdate, bool stalled)
    {
        _status.SecondsRunning = 1000;

        var notices = Notices.Of(_status, null, double.NaN, (1000 - since, secondsAnUpdate), Now);

        Assert.Equal(stalled, notices.Any(n => n.Level == "bad" && n.Text.StartsWith("No outer-update for", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0.52, false)]
    [InlineData(0.60, true)]
    public void Of_EvaluationMuchWorseThanTheBest_SaysSo(double newest, bool said)
    {
        var notices = Notices.Of(_status, (50, newest), 0.5, null, Now);

        Assert.Equal(said, notices.Any(n => n.Text.StartsWith("θ gets worse: version 50", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_Finished_TellsHowThetaDoes()
    {
        (_status.State, _status.EvaluationOuterTest, _status.BaselineOuterTest) = (RunState.Finished, 0.75, 1.0);

        Assert.Equal([new Notice("good", "The run is finished: on held-out tasks θ's loss is 25.0 % lower than tuned Adam's. Version 40 of θ is the best.")], Of());
    }

    [Fact]
    public void Of_Several_TheWorstComesFirst()
    {
        (_status.State, _status.Message) = (RunState.WaitingForWorkers, "no worker is connected");
        _status.LostWorkers.Add(new LostWorker { WorkerId = "w1", UnixMilliseconds = Now.ToUnixTimeMilliseconds() });

        Assert.Equal(["bad", "warning"], Of().Select(n => n.Level));
    }

    private IReadOnlyList<Notice> Of() => Notices.Of(_status, null, double.NaN, null, Now);

    private void Refuse(int count, int secondsAgo)
    {
        for (int i = 0; i < count; i++)
            _status.Refusals.Add(new Refusal { WorkerId = "w", Detail = "3 numbers", UnixMilliseconds = Now.AddSeconds(-secondsAgo).ToUnixTimeMilliseconds() });
        _status.SamplesRejected["WrongLength"] = count;
    }
}
