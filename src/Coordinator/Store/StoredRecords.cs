using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Store;

/// <summary>What was acknowledged of an open problem: enough to recompute its state.</summary>
/// <param name="Truncation">Index.</param>
/// <param name="Steps">k.</param>
/// <param name="ThetaVersion">θ that it was computed at.</param>
internal readonly record struct DoneTruncation(int Truncation, int Steps, long ThetaVersion);

/// <summary>Who had a problem last.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="AssignmentId">The assignment that it had it by.</param>
internal sealed record StoredOwner(string Worker, long AssignmentId);

/// <summary>
/// An open problem as the file has it. LaneVersion: θ version of its lane's last sample, −1 without one. Owner: the worker that had it
/// last; null: none, or not known.
/// </summary>
internal sealed record StoredProblem(
    long Id, int Lane, int Horizon, IReadOnlyList<DoneTruncation> Done, InnerState? State, long LaneVersion, StoredOwner? Owner)
{
    /// <inheritdoc cref="StoredTruncations.Holders"/>
    public IReadOnlyDictionary<string, int> Holders { get; init; } = new Dictionary<string, int>();
}

/// <summary>Where a run stands: everything that a restarted coordinator needs.</summary>
internal sealed record StoredRun(
    OuterState State, IReadOnlyList<StoredProblem> OpenProblems, long NextProblemId, IReadOnlyList<GradientSample> Unmerged);

/// <summary>
/// Samples of the run: counted, dropped as stale, of both those with g_rp and those where it was not finite; seconds of one slot, and of
/// reverse sweeps.
/// </summary>
internal readonly record struct StoredCounts(long Accepted, long Stale, long RpComputed, long RpInvalid, double Seconds, double RpSeconds)
{
    /// <summary>These samples and others.</summary>
    public StoredCounts With(StoredCounts more) => new(
        Accepted + more.Accepted, Stale + more.Stale, RpComputed + more.RpComputed, RpInvalid + more.RpInvalid, Seconds + more.Seconds,
        RpSeconds + more.RpSeconds);
}

/// <summary>The result of an evaluation.</summary>
/// <param name="ThetaVersion">The θ that was evaluated; null: the tuned-Adam baseline.</param>
/// <param name="Split">Classes that the tasks were drawn from.</param>
/// <param name="Tasks">How many.</param>
/// <param name="MeanLoss">Mean over the tasks of the loss averaged over the horizon.</param>
/// <param name="FinalLoss">Mean over the tasks of the loss at the horizon.</param>
/// <param name="Seconds">Time that it took.</param>
/// <param name="IsAverage">The average of θ at that version was evaluated, not θ itself.</param>
internal sealed record StoredEvaluation(
    long? ThetaVersion, ClassSplit Split, int Tasks, double MeanLoss, double FinalLoss, double Seconds, bool IsAverage = false)
{
    /// <summary>Of a mixture: the losses of each kind that a task is of, by name.</summary>
    public IReadOnlyList<KindLoss> ByKind { get; init; } = [];
}
