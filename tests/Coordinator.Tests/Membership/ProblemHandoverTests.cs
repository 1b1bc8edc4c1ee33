using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Shared.Run;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Membership;

public sealed class ProblemHandoverTests : IDisposable
{
    private readonly RunParts _parts = new();

    private ProblemHandover Sut => _parts.Get<ProblemHandover>();

    public void Dispose() => _parts.Dispose();

    [Theory]
    [InlineData(null, 1, false)]
    [InlineData("returned", 1, true)]
    [InlineData("returned", 2, true)]
    [InlineData("returned", 0, false)]
    [InlineData("other", 1, false)]
    public void Resume_HeldProblem_IsKeptIfFreeAndNotBehind(string? owner, int truncation, bool kept)
    {
        var problem = Open(owner);
        _parts.Get<ProblemLedger>().Advance(problem, Fabricated.Sample(problem.Id, 0));
        var session = RunParts.Session("returned", 1, "", new HeldPosition(problem.Id, truncation, truncation * SmallRun.Steps));

        Sut.Resume(session, _parts.Time.GetUtcNow());

        Assert.Equal(kept ? "returned" : owner == "other" ? "other" : null, problem.Owner);
        Assert.Null(problem.ReservedUntil);
        long[] revoked = [.. _parts.Flush(session).Select(m => m.Revoke.ProblemId)];
        Assert.Equal(kept ? [] : [problem.Id], revoked);
    }

    [Fact]
    public void Resume_FreeProblemThatAnotherWorkerHadLast_IsNotBelieved()
    {
        var problem = Open("other");
        problem.Release();
        var session = RunParts.Session("claims all", 1, "", new HeldPosition(problem.Id, 0, 0));

        Sut.Resume(session, _parts.Time.GetUtcNow());

        Assert.Null(problem.Owner);
        Assert.Equal(problem.Id, Assert.Single(_parts.Flush(session)).Revoke.ProblemId);
    }

    [Fact]
    public void Resume_ProblemOfAnEarlierAssignment_IsNotBelieved()
    {
        var problem = Open("returned");
        problem.AssignTo("returned", 5);
        var session = RunParts.Session("returned", 1, "", new HeldPosition(problem.Id, 0, 0, AssignmentId: 4));

        Sut.Resume(session, _parts.Time.GetUtcNow());

        Assert.Null(problem.Owner);
        Assert.Equal(problem.Id, Assert.Single(_parts.Flush(session)).Revoke.ProblemId);
    }

    [Fact]
    public void Resume_ProblemNoLongerHeld_IsReserved()
    {
        var problem = Open("returned");
        var until = _parts.Time.GetUtcNow() + TimeSpan.FromSeconds(10);

        Sut.Resume(RunParts.Session("returned"), until);

        Assert.Equal(("returned", until), (problem.Owner, problem.ReservedUntil));
    }

    [Fact]
    public void ReserveAndRelease_AreOfOneWorkersProblems()
    {
        var (first, second, other) = (Open("lost"), Open("lost"), Open("other"));
        var until = _parts.Time.GetUtcNow() + TimeSpan.FromSeconds(10);

        Assert.Equal(2, Sut.Reserve("lost", until));
        Assert.Equal([until, until, null], new[] { first, second, other }.Select(p => p.ReservedUntil));

        Sut.Release("lost");
        Assert.Equal([null, null, "other"], new[] { first, second, other }.Select(p => p.Owner));
    }

    [Fact]
    public void HandBack_StateThatFits_IsStoredUntilItIsDropped()
    {
        var problem = Open("worker");

        Assert.Equal(1, HandBack(StateOf(problem, stateVectors: 5)));
        _parts.Flush(RunParts.Session("worker"));
        Assert.True(problem.HasHandedBackState);
        Assert.NotNull(_parts.Get<RunReader>().State(problem.Id));

        Sut.DropState("other", problem.Id);
        Assert.True(problem.HasHandedBackState);
        Sut.DropState("worker", problem.Id);
        _parts.Flush(RunParts.Session("worker"));
        Assert.Equal((false, null), (problem.HasHandedBackState, problem.Owner));
        Assert.Null(_parts.Get<RunReader>().State(problem.Id));
    }

    [Fact]
    public void HandBack_StateOfAnotherShape_IsRefused()
    {
        var problem = Open("worker");

        Assert.Equal(0, HandBack(StateOf(problem, stateVectors: 4)));

        Assert.False(problem.HasHandedBackState);
        Assert.Equal(RefusalReason.WrongLength, Assert.Single(_parts.Get<Incidents>().Refusals).Refusal.Reason);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void HandBack_ValueThatIsNotFinite_IsRefused(float value)
    {
        var problem = Open("worker");
        var state = StateOf(problem, stateVectors: 5);
        state.Particles[0].M[70] = value;

        Assert.Equal(0, HandBack(state));

        Assert.False(problem.HasHandedBackState);
        Assert.Equal(RefusalReason.NotFinite, Assert.Single(_parts.Get<Incidents>().Refusals).Refusal.Reason);
    }

    [Fact]
    public void HandBack_StateOfAnotherWorkersProblemOrAnotherTruncation_IsIgnored()
    {
        var (others, own) = (Open("other"), Open("worker"));
        var ahead = StateOf(own, stateVectors: 5);
        ahead.Advance(SmallRun.Steps);

        Assert.Equal(0, HandBack(StateOf(others, stateVectors: 5), ahead));

        Assert.Empty(_parts.Get<Incidents>().Refusals);
    }

    /// <summary>The worker left, was given the problem again, and what it said before came late.</summary>
    [Theory]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void HandBack_StateOfAnEarlierAssignment_IsIgnored(long assignmentId, bool kept)
    {
        var problem = Open("worker");
        problem.AssignTo("worker", 5);

        Assert.Equal(kept, Sut.HandBack(RunParts.Session("worker"), new StateHandedBack(StateOf(problem, stateVectors: 5), assignmentId)));

        Assert.Equal(kept, problem.HasHandedBackState);
        Assert.Empty(_parts.Get<Incidents>().Refusals);
    }

    private int HandBack(params InnerState[] states) =>
        states.Count(state => Sut.HandBack(RunParts.Session("worker"), new StateHandedBack(state, AssignmentId: 0)));

    private OpenProblem Open(string? owner)
    {
        var ledger = _parts.Get<ProblemLedger>();
        var problem = ledger.Add(ledger.NextProblemId);
        _parts.Get<RunWriter>().AddProblem(problem.Id, problem.Lane, problem.Horizon);
        if (owner is not null) problem.AssignTo(owner);
        return problem;
    }

    private static InnerState StateOf(OpenProblem problem, int stateVectors) => new()
    {
        ProblemId = problem.Id,
        Horizon = problem.Horizon,
        Particles = [new Particle(new float[16], new float[stateVectors * 16])],
    };
}
