using LoptCluster.Shared.Run;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Unrolling;

/// <summary>A problem that this worker unrolls.</summary>
/// <remarks>
/// Part of <see cref="ProblemPool"/>, except <see cref="State"/>, which belongs to the slot's thread while <see cref="Running"/>.
/// </remarks>
internal sealed class HeldProblem(ProblemAssignment assignment)
{
    public ProblemAssignment Assignment { get; } = assignment;

    public long Id => Assignment.ProblemId;

    /// <summary>Null until a slot has restored the state that the assignment continues from.</summary>
    public InnerState? State { get; set; }

    /// <summary>Where its last completed sample left it.</summary>
    public ProblemPosition Position { get; set; } =
        new(assignment.ProblemId, assignment.Origin.NextTruncation, assignment.Origin.InnerStep, assignment.Id);

    /// <summary>θ version that its next sample waits for.</summary>
    public long EarliestVersion { get; set; } = assignment.EarliestVersion;

    /// <summary>A slot works on it.</summary>
    public bool Running { get; set; }

    /// <summary>Removed from the pool; a sample that a slot still computes of it is discarded.</summary>
    public bool Revoked { get; set; }
}
