using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;

namespace LoptCluster.Chaos.Hostile;

/// <summary>A problem that the coordinator has assigned to a hostile stream, and where it goes on.</summary>
internal sealed class HeldProblem
{
    public HeldProblem(InnerProblem assignment)
    {
        var origin = StateOriginWire.Of(assignment);
        (Id, Horizon, DueVersion) = (assignment.ProblemId, assignment.Horizon, assignment.NotBeforeVersion);
        AssignmentId = assignment.AssignmentId;
        (NextTruncation, InnerStep) = (origin.NextTruncation, origin.InnerStep);
    }

    public long Id { get; }

    public int Horizon { get; }

    public long AssignmentId { get; }

    /// <summary>Synchronous mode: θ version of its next sample.</summary>
    public long DueVersion { get; private set; }

    public int NextTruncation { get; private set; }

    public int InnerStep { get; private set; }

    public SampleIdentity Next => new(Id, NextTruncation);

    /// <summary>Its next sample was accepted.</summary>
    public void Advance(int steps)
    {
        NextTruncation++;
        InnerStep += steps;
        DueVersion++;
    }
}
