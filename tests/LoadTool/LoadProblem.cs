using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;

namespace LoptCluster.LoadTool;

/// <summary>A problem that a slot has, and where it goes on.</summary>
internal sealed class LoadProblem
{
    public LoadProblem(InnerProblem assignment)
    {
        var origin = StateOriginWire.Of(assignment);
        (Id, Horizon, AssignmentId) = (assignment.ProblemId, assignment.Horizon, assignment.AssignmentId);
        (Truncation, InnerStep) = (origin.NextTruncation, origin.InnerStep);
        NotBeforeVersion = assignment.NotBeforeVersion;
    }

    public long Id { get; }

    public int Horizon { get; }

    public long AssignmentId { get; }

    public int Truncation { get; private set; }

    public int InnerStep { get; private set; }

    public int StepsLeft => Horizon - InnerStep;

    public SampleIdentity Next => new(Id, Truncation);

    /// <summary>θ version at which the next sample is computed, at the earliest.</summary>
    public long NotBeforeVersion { get; set; }

    /// <summary>k of the sample that is under way.</summary>
    public int Steps { get; set; }

    /// <summary>When it was sent.</summary>
    public long Sent { get; set; }

    /// <summary>The sample under way was acknowledged.</summary>
    /// <returns>Whether the problem goes on.</returns>
    public bool Advance()
    {
        Truncation++;
        InnerStep += Steps;
        return StepsLeft > 0;
    }
}
