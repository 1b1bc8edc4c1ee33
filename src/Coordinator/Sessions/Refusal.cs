namespace LoptCluster.Coordinator.Sessions;

/// <summary>Why a worker's message is refused.</summary>
internal enum RefusalReason
{
    WrongRun,
    WrongEngineVersion,
    WrongLength,
    NotFinite,
    ThetaFromFuture,
    UnknownProblem,
    WrongDataset,
    Malformed,
    WrongInnerProblem,
    WorkerIdInUse,
    FailedSelfCheck,
    Quarantined,
}

/// <summary>A refusal of a worker's message.</summary>
/// <param name="Reason">Its kind, by which refusals are counted.</param>
/// <param name="Detail">Names the value and what was expected.</param>
internal readonly record struct Refusal(RefusalReason Reason, string Detail);
