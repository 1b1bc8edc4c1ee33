using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Assignments;

public sealed class ProblemLedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly IReadOnlySet<string> None = new HashSet<string>();

    [Fact]
    public void StandingOf_NextTruncationOfTheOwner_IsNext()
    {
        var (ledger, _) = CreateSut();
        Assert.Equal(SampleStanding.Next, ledger.StandingOf(Fabricated.Sample(0, 0), 0, "a", _ => false));
    }

    [Fact]
    public void StandingOf_AnotherWorkersProblem_IsUnknown()
    {
        var (ledger, _) = CreateSut();
        Assert.Equal(SampleStanding.UnknownProblem, ledger.StandingOf(Fabricated.Sample(0, 0), 0, "b", _ => false));
    }

    /// <summary>
    /// A worker that lost a problem to another and gets it back has two states of it, if θ has moved meanwhile: the one that it went on
    /// with, of which samples may still be under way, and the run's.
    /// </summary>
    [Fact]
    public void StandingOf_SampleOfAnEarlierAssignment_IsNotTaken()
    {
        var (ledger, problem) = CreateSut();
        problem.AssignTo("a", 1);
        problem.AssignTo("b", 2);
        problem.AssignTo("a", 3);

        Assert.Equal(SampleStanding.OtherAssignment, ledger.StandingOf(Fabricated.Sample(0, 0), 1, "a", _ => false));
        Assert.Equal(SampleStanding.Next, ledger.StandingOf(Fabricated.Sample(0, 0), 3, "a", _ => false));
        Assert.False(problem.MayBeClaimedBy("a", 1));
        Assert.True(problem.MayBeClaimedBy("a", 3));
    }

    /// <summary>It was taken from its borrower: who had lent it is not to take it from the next one.</summary>
    [Fact]
    public void MayBeClaimedBy_LentAndReleasedSince_NotByTheLender()
    {
        var (ledger, problem) = CreateSut();
        problem.AssignTo("a", 1);
        ledger.Reserve("a", Noon);
        problem.AssignTo("b", 2);
        Assert.True(problem.MayBeClaimedBy("a", 1));

        problem.Release();
        problem.AssignTo("c", 3);

        Assert.False(problem.MayBeClaimedBy("a", 1));
    }

    [Fact]
    public void StandingOf_DoneTruncation_IsADuplicateWhoeverSendsIt()
    {
        var (ledger, problem) = CreateSut();
        ledger.Advance(problem, Fabricated.Sample(0, 0));
        Assert.Equal(SampleStanding.Duplicate, ledger.StandingOf(Fabricated.Sample(0, 0), 0, "b", _ => false));
    }

    [Theory]
    [InlineData(true, SampleStanding.Duplicate)]
    [InlineData(false, SampleStanding.UnknownProblem)]
    public void StandingOf_ClosedProblem_TheStoreDecides(bool stored, object expected)
    {
        var (ledger, _) = CreateSut();
        Assert.Equal((SampleStanding)expected, ledger.StandingOf(Fabricated.Sample(77, 0), 0, "a", _ => stored));
    }

    [Theory]
    [InlineData(1, 0, 5, false)]
    [InlineData(0, 5, 5, false)]
    [InlineData(0, 0, 21, true)]
    [InlineData(0, 0, 20, false)]
    public void StandingOf_DoesNotGoOnFromWhereItStands_IsMisplaced(int truncation, int start, int steps, bool finished)
    {
        var (ledger, _) = CreateSut();
        var sample = Fabricated.Sample(0, truncation) with { StartStep = start, Steps = steps, ProblemFinished = finished };
        Assert.Equal(SampleStanding.Misplaced, ledger.StandingOf(sample, 0, "a", _ => false));
    }

    [Fact]
    public void Advance_ToTheHorizon_ClosesTheProblem()
    {
        var (ledger, problem) = CreateSut();
        Assert.False(ledger.Advance(problem, Fabricated.Sample(0, 0)));
        Assert.True(ledger.Advance(problem, Fabricated.Sample(0, 1) with { Steps = 15, ProblemFinished = true }));
        Assert.Null(ledger.Find(0));
        Assert.Equal(1, ledger.NextProblemId);
    }

    [Fact]
    public void ReleaseExpired_OnlyAfterTheGrace()
    {
        var (ledger, problem) = CreateSut();
        ledger.Reserve("a", Noon);
        ledger.ReleaseExpired(Noon - TimeSpan.FromMilliseconds(1));
        Assert.Equal("a", problem.Owner);
        ledger.ReleaseExpired(Noon);
        Assert.Null(problem.Owner);
    }

    [Fact]
    public void Restore_StateOlderThanTheSamples_IsNotUsed()
    {
        var ledger = new ProblemLedger(SmallRun.Specification);
        var state = new InnerState { ProblemId = 0, Horizon = 20, NextTruncation = 1, InnerStep = 5, Particles = [new Particle([1], [2])] };
        DoneTruncation[] one = [new(0, 5, 0)], two = [new(0, 5, 0), new(1, 5, 0)];
        ledger.Restore(
            new StoredRun(null!, [new(0, 0, 20, one, state, 0, null), new(1, 1, 20, two, state, 0, null)], 2, []), None, Noon);

        Assert.True(ledger.Find(0)!.HasHandedBackState);
        Assert.Null(ledger.Find(0)!.ReservedUntil);
        Assert.False(ledger.Find(1)!.HasHandedBackState);
        Assert.Equal((10, Noon), (ledger.Find(1)!.InnerStep, ledger.Find(1)!.ReservedUntil));
    }

    /// <summary>Its sender is not believed, nor is who went on from its samples: both come back and say that they have it.</summary>
    [Fact]
    public void Restore_ProblemOfAQuarantinedWorker_MayBeClaimedByNobody()
    {
        var ledger = new ProblemLedger(SmallRun.Specification);
        DoneTruncation[] one = [new(0, 5, 0)];
        var next = new StoredOwner("next", 0);
        var sent = new StoredProblem(0, 0, 20, one, null, 0, next) { Holders = new Dictionary<string, int> { ["wrong"] = 0 } };
        ledger.Restore(
            new StoredRun(null!, [sent, new(1, 1, 20, one, null, 0, next)], 2, []), new HashSet<string> { "wrong" }, Noon);

        Assert.All(["wrong", "next"], worker => Assert.False(ledger.Find(0)!.MayBeClaimedBy(worker, 0)));
        Assert.Null(ledger.Find(0)!.ReservedUntil);
        Assert.True(ledger.Find(1)!.MayBeClaimedBy("next", 0));
    }

    /// <summary>Whatever happens to problems, in whichever order, the ledger knows who has which.</summary>
    [Fact]
    public void Counts_AfterAnyMoves_AreThoseOfTheOpenProblems()
    {
        var ledger = new ProblemLedger(SmallRun.Specification);
        var random = new Random(7);
        string[] workers = ["a", "b", "c"];
        List<OpenProblem> all = [];
        for (int i = 0; i < 3000; i++)
        {
            if (all.Count < 8) all.Add(ledger.Add(all.Count));
            var problem = all[random.Next(all.Count)];
            string worker = workers[random.Next(workers.Length)];
            switch (random.Next(9))
            {
                case 0: problem.Release(); break;
                case 1: problem.Disown(); break;
                case 2: ledger.Reserve(worker, Noon.AddMinutes(random.Next(3))); break;
                case 3: ledger.ReleaseAll(worker); break;
                case 4: ledger.ReleaseExpired(Noon.AddMinutes(1)); break;
                case 5: ledger.Remove(problem); break;
                case 6: ledger.Reopen(problem); break;
                case 7: ledger.Advance(problem, Fabricated.Sample(problem.Id, 0) with { ProblemFinished = true }); break;
                default: problem.AssignTo(worker, i); break;
            }

            var expected = ledger.Open.Where(p => p.Owner is not null).CountBy(p => p.Owner!).ToDictionary();
            Assert.Equal(expected.OrderBy(c => c.Key), ledger.Counts().OrderBy(c => c.Key));
            Assert.All(workers, w => Assert.Equal(expected.GetValueOrDefault(w), ledger.CountOf(w)));
        }
    }

    [Theory]
    [InlineData(16, 2, 2, 16)]
    [InlineData(16, 1, 3, 6)]
    [InlineData(2, 4, 8, 4)]
    public void FairShares_BySlotsRoundedUp(int batch, int slots, int all, int share) =>
        Assert.Equal(share, FairShares.Of(slots, all, FairShares.Target(batch, all)));

    private static (ProblemLedger Ledger, OpenProblem Problem) CreateSut()
    {
        var ledger = new ProblemLedger(SmallRun.Specification);
        var problem = ledger.Add(0);
        problem.AssignTo("a");
        return (ledger, problem);
    }
}
