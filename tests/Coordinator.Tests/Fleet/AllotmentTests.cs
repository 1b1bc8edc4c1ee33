using CsCheck;
using LoptCluster.Coordinator.Fleet;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Fleet;

public sealed class AllotmentTests
{
    private const int NoBound = int.MaxValue;

    /// <summary>Runs by the slots that they can use: no work, a few lanes, or no bound.</summary>
    private static readonly Gen<int[]> Runs =
        Gen.OneOf(Gen.Const(0), Gen.Int[1, 6], Gen.Const(NoBound)).Array[1, 8];

    private static readonly Gen<(int[] Usable, AllottedWorker[] Workers)> Fleets = Runs.SelectMany(usable =>
        Gen.Select(Gen.Int[1, 16], Gen.Int[0, usable.Length - 1]).Array[0, 24].Select(
            workers => (usable, workers.Select((w, i) => new AllottedWorker($"w{i:00}", w.Item1, w.Item2)).ToArray())));

    [Fact]
    public void Targets_AnyFleet_AreEqualAsFarAsTheRunsCanUseThem() => Gen.Select(Runs, Gen.Int[0, 200]).Sample((usable, slots) =>
    {
        double[] targets = Allotment.Targets(usable, slots);

        Assert.All(targets.Zip(usable), t => Assert.InRange(t.First, 0, t.Second));
        double usedAtMost = usable.Sum(u => (double)u);
        Assert.Equal(Math.Min(slots, usedAtMost), targets.Sum(), 1e-6);
        double most = targets.Max();
        // Who has less than another can use no more.
        Assert.All(targets.Zip(usable).Where(t => t.First < most - 1e-9), t => Assert.Equal(t.Second, t.First, 1e-9));
    });

    [Fact]
    public void Moves_AnyFleet_LeaveNoRunWithoutAWorkerWhileAnotherHasTwo() => Fleets.Sample(fleet =>
    {
        var (usable, workers) = fleet;
        var after = Moved(workers, Allotment.Moves(usable, workers));

        for (int run = 0; run < usable.Length; run++)
        {
            if (usable[run] == 0 || after.Any(w => w.Run == run)) continue;
            Assert.All(after.GroupBy(w => w.Run), g => Assert.True(g.Count() == 1 && usable[g.Key] > 0));
        }
    });

    [Fact]
    public void Moves_AnyFleet_MoveAWorkerOnceAndNeverAgain() => Fleets.Sample(fleet =>
    {
        var (usable, workers) = fleet;
        var moves = Allotment.Moves(usable, workers);
        var after = Moved(workers, moves);

        Assert.Equal(moves.Count, moves.Select(m => m.Worker).Distinct().Count());
        Assert.All(moves, m => Assert.NotEqual(m.To, workers.Single(w => w.Id == m.Worker).Run));
        // What remains is settled after a bounded number of rounds: no worker goes to and fro.
        int rounds = 0;
        for (; Allotment.Moves(usable, after) is { Count: > 0 } more; rounds++)
        {
            Assert.InRange(rounds, 0, workers.Length * usable.Length);
            after = Moved(after, more);
        }
    });

    [Fact]
    public void Moves_WorkersOfOneSize_ShareEvenlyWithinOneWorker() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 8], Gen.Int[0, 7].Array[0, 40]).Sample((runs, slots, places) =>
        {
            int[] usable = [.. Enumerable.Repeat(NoBound, runs)];
            AllottedWorker[] workers = [.. places.Select((p, i) => new AllottedWorker($"w{i:00}", slots, p % runs))];
            var after = Moved(workers, Allotment.Moves(usable, workers));

            int[] counts = [.. Enumerable.Range(0, runs).Select(r => after.Count(w => w.Run == r))];
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        });

    [Fact]
    public void Choose_WorkersThatComeOneAfterTheOther_NeedNoMove() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[1, 4], Gen.Int[0, 30]).Sample((runs, slots, count) =>
        {
            int[] usable = [.. Enumerable.Repeat(NoBound, runs)];
            var workers = new List<AllottedWorker>();
            for (int i = 0; i < count; i++)
                workers.Add(new AllottedWorker($"w{i:00}", slots, Allotment.Choose(usable, workers, slots)));

            Assert.Empty(Allotment.Moves(usable, workers));
        });

    [Theory]
    // The first run, then the one that has nobody.
    [InlineData(new[] { NoBound, NoBound }, new int[0], 0)]
    [InlineData(new[] { NoBound, NoBound }, new[] { 0 }, 1)]
    // A paused run gets nobody; lanes bound what a run can use.
    [InlineData(new[] { 0, NoBound }, new[] { 1, 1, 1 }, 1)]
    [InlineData(new[] { 2, NoBound }, new[] { 0, 0, 1, 1, 1 }, 1)]
    // Nobody has work: the one with the fewest keeps the worker.
    [InlineData(new[] { 0, 0 }, new[] { 0 }, 1)]
    public void Choose_ANewWorkerOfOneSlot_GoesWhereMostIsLacking(int[] usable, int[] runsOfOthers, int expected)
    {
        AllottedWorker[] others = [.. runsOfOthers.Select((run, i) => new AllottedWorker($"w{i}", 1, run))];
        Assert.Equal(expected, Allotment.Choose(usable, others, slots: 1));
    }

    [Fact]
    public void Moves_AWorkerOnItsWay_IsCountedAndLeftAlone()
    {
        AllottedWorker[] workers = [new("a", 1, 0), new("b", 1, 0), new("c", 1, 1, IsSettled: false)];
        Assert.Empty(Allotment.Moves([NoBound, NoBound], workers));
        Assert.Equal([("a", 2)], Allotment.Moves([NoBound, NoBound, NoBound], workers));
    }

    private static AllottedWorker[] Moved(AllottedWorker[] workers, IReadOnlyList<(string Worker, int To)> moves)
    {
        var to = moves.ToDictionary(m => m.Worker, m => m.To);
        return [.. workers.Select(w => w with { Run = to.GetValueOrDefault(w.Id, w.Run) })];
    }
}
