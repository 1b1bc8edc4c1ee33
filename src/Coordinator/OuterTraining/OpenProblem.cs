using LoptCluster.Coordinator.RunStore;

namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>An inner-problem that has not reached its horizon: who has it, how far it is.</summary>
/// <remarks>Mutable; owned by the <see cref="ProblemLedger"/>.</remarks>
internal sealed class OpenProblem(long id, int lane, int horizon)
{
    public long Id { get; } = id;

    public int Lane { get; } = lane;

    public int Horizon { get; } = horizon;

    /// <summary>Worker that unrolls it, or that had it and may come back; null: nobody's.</summary>
    public string? Owner { get; set; }

    /// <summary>The owner's connection broke; until then the problem is kept for it.</summary>
    public DateTimeOffset? ReservedUntil { get; set; }

    public int InnerStep { get; set; }

    public int NextTruncation => Done.Count;

    /// <summary>Every acknowledged truncation, in order.</summary>
    public List<DoneTruncation> Done { get; } = [];

    /// <summary>The state in the run store fits <see cref="NextTruncation"/>.</summary>
    public bool HasHandedBackState { get; set; }

    /// <summary>Synchronous mode: θ version of the lane's last sample, −1: none yet.</summary>
    public long LaneVersion { get; set; } = -1;
}
