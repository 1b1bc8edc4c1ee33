namespace LoptCluster.Coordinator.Run;

/// <summary>Where a run stands, as people see it.</summary>
internal enum RunStage
{
    WaitingForWorkers,
    Running,
    Paused,

    /// <summary>Workers hand back their problems; no work is assigned any more.</summary>
    Draining,

    /// <summary>The last outer-update is applied and evaluated; θ is still served.</summary>
    Finished,

    /// <summary>The run's file cannot be used; the run goes on by itself when it can.</summary>
    Interrupted,
}
