namespace LoptCluster.Coordinator.Reporting;

/// <summary>Something about the run that deserves a person's attention.</summary>
/// <param name="Kind">What it is about; at most one notice of each kind at a time.</param>
/// <param name="Severity">How urgent it is.</param>
/// <param name="Text">Full sentences, for people.</param>
internal sealed record Notice(NoticeKind Kind, NoticeSeverity Severity, string Text);

/// <summary>How urgent a notice is. The order is that in which notices are shown.</summary>
internal enum NoticeSeverity
{
    /// <summary>Training stands still or goes wrong.</summary>
    Problem,

    /// <summary>Worth a look; training continues.</summary>
    Warning,

    /// <summary>As intended, but good to know.</summary>
    Information,

    /// <summary>Good news, such as a run that has finished.</summary>
    Success,
}

internal enum NoticeKind
{
    FileFault,
    NoWorker,
    Paused,
    Draining,
    Finished,
    AwaitsEvaluations,
    GradientRpNotFinite,
    LossAtCap,
    LossAtChance,
    GradientEsDominates,
    WorkersLost,
    WorkersFailed,
    MessagesRefused,
    WorkersQuarantined,
    SamplesDisputed,
    NoUpdate,
    WorseThanBest,
    Diverged,
}
