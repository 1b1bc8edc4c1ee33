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

    /// <summary>Of an earlier assignment of the worker's problem: it does not continue from the state that the run has.</summary>
    OtherAssignment,

    /// <summary>Does not continue from where its problem stands.</summary>
    Misplaced,
}
