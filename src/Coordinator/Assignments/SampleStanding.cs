namespace LoptCluster.Coordinator.Assignments;

/// <summary>Where a sample stands in the ledger.</summary>
internal enum SampleStanding
{
    /// <summary>The next truncation of a problem that the worker has.</summary>
    Next,

    /// <summary>An acknowledged truncation, sent again.</summary>
    Duplicate,

    /// <summary>There is no such problem, or another worker has it now.</summary>
    UnknownProblem,

    /// <summary>Does not continue from where its problem stands.</summary>
    Misplaced,
}
