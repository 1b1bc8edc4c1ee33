namespace LoptCluster.Chaos.Failures;

/// <summary>What can happen to a fleet.</summary>
internal enum FailureKind
{
    /// <summary>SIGKILL to a worker; another takes its place.</summary>
    WorkerKilled,

    /// <summary>SIGKILL to 30 % of the workers at once; others take their places.</summary>
    ShareOfFleetKilled,

    /// <summary>SIGKILL to the coordinator, which is started again.</summary>
    CoordinatorKilled,

    /// <summary>SIGSTOP to a worker, SIGCONT later.</summary>
    WorkerStopped,

    /// <summary>SIGSTOP to the coordinator, SIGCONT later.</summary>
    CoordinatorStopped,

    /// <summary>Another program holds the lock of the run's file for a while.</summary>
    FileLocked,

    /// <summary>A worker's connections are reset by a proxy; between namespaces they are half-open from now on.</summary>
    ConnectionsCut,

    /// <summary>What a worker sends does not arrive for a while.</summary>
    UpwardsClosed,

    /// <summary>What a worker is sent does not arrive for a while.</summary>
    DownwardsClosed,

    /// <summary>Nothing passes between a worker and the coordinator for a while, in either direction.</summary>
    Separated,

    /// <summary>All that passes between a worker and the coordinator is late from now on.</summary>
    Delayed,

    /// <summary>
    /// By a proxy a worker's connections are reset, and its next one passes its first bytes later than the one after it. Between namespaces
    /// packets overtake each other for a while.
    /// </summary>
    ConnectionsReordered,
}
