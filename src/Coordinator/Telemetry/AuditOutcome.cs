namespace LoptCluster.Coordinator.Telemetry;

/// <summary>What becomes of a sample that was drawn to be audited.</summary>
internal enum AuditOutcome
{
    /// <summary>Computed again, it has the same bits.</summary>
    Agreed,

    /// <summary>Computed again, it differs: a third worker decides who is wrong.</summary>
    Differed,

    /// <summary>Not computed again: too many waited for another worker.</summary>
    Skipped,
}
