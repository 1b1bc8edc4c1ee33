using LoptCluster.Shared.Instruments;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Unrolling;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class SlotBoardTests
{
    [Fact]
    public void Activities_SlotShows_ThenWaitsAgain()
    {
        var board = new SlotBoard(slots: 2);
        var unrolling = new SlotActivity(1, WorkerActivities.Unrolling, 5, 30);
        board.Show(unrolling);
        Assert.Equal([new SlotActivity(0, WorkerActivities.Waiting), unrolling], board.Activities);
        board.ShowWaiting(1);
        Assert.Equal([new(0, WorkerActivities.Waiting), new SlotActivity(1, WorkerActivities.Waiting)], board.Activities);
    }

    [Fact]
    public void Counts_HaveEveryActivityOfASlot()
    {
        var board = new SlotBoard(slots: 3);
        board.Show(new SlotActivity(0, WorkerActivities.Evaluating));
        Assert.Equal(
            [("auditing", 0), ("evaluating", 1), ("replaying", 0), ("unrolling", 0), ("waiting", 2)],
            board.Counts.Select(c => (c.Key, c.Value)).Order());
    }

    [Fact]
    public void InnerSteps_AreThoseOfAllSlots()
    {
        var board = new SlotBoard(slots: 2);
        board.InnerStepsOf(0).Add(5);
        board.InnerStepsOf(1).Add(2);
        board.InnerStepsOf(1).Add(1);
        Assert.Equal(8, board.InnerSteps);
    }
}
