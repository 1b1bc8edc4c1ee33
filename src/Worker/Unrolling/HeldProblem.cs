using LoptCluster.Engine.Unrolling;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Worker.Unrolling;

/// <summary>A problem that this worker unrolls.</summary>
/// <remarks>
/// Guarded by the <see cref="Workshop"/>'s lock, but for <see cref="State"/>, which belongs to the slot thread while <see cref="Running"/>.
/// <see cref="NextTruncation"/> and <see cref="InnerStep"/> are where its last finished sample left it.
/// </remarks>
internal sealed class HeldProblem(InnerProblem assignment)
{
    public InnerProblem Assignment { get; } = assignment;

    public long Id => Assignment.ProblemId;

    /// <summary>Null until a slot has begun it or reached the state that it goes on from.</summary>
    public InnerState? State { get; set; }

    public int NextTruncation { get; set; } = assignment.State?.NextTruncation ?? assignment.Replay.Count;

    public int InnerStep { get; set; } = assignment.State?.InnerStep ?? assignment.Replay.Sum(r => r.Steps);

    /// <summary>θ version that its next sample needs: exactly this one in synchronous mode.</summary>
    public long NotBefore { get; set; } = assignment.NotBeforeVersion;

    public bool Running { get; set; }

    /// <summary>Another worker has it; what a slot still finds out about it is thrown away.</summary>
    public bool Revoked { get; set; }
}
