namespace LoptCluster.Coordinator.Sessions;

/// <summary>An event of the run loop. Events are handled in order of arrival.</summary>
internal abstract record RunEvent;

internal sealed record WorkerJoined(WorkerSession Session) : RunEvent;

internal sealed record WorkerSent(WorkerSession Session, IncomingMessage Message) : RunEvent;

/// <summary>The stream ended, with or without a Goodbye.</summary>
internal sealed record WorkerLeft(WorkerSession Session) : RunEvent;

/// <summary>The fleet moves a worker to another run.</summary>
/// <param name="Session">The worker.</param>
/// <param name="Reason">For the worker and the log.</param>
internal sealed record WorkerMoved(WorkerSession Session, string Reason) : RunEvent;

/// <summary>A request of an operator. <see cref="Done"/> completes once it is carried out and the status shows it.</summary>
internal abstract record Command : RunEvent
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal sealed record PauseRequested(bool Paused) : Command;

/// <summary>An operator ends the quarantine of a worker.</summary>
internal sealed record LiftRequested(string WorkerId) : Command
{
    /// <summary>The worker was quarantined. Set when it is carried out.</summary>
    public bool Found { get; set; }
}

/// <param name="Reason">For the workers and the log.</param>
/// <param name="StopProcess">An operator ends the coordinator; false: the process was asked to stop, and the run continues with the next
/// start.</param>
internal sealed record DrainRequested(string Reason, bool StopProcess) : Command;

/// <summary>Time has passed: grace periods end, silent workers are lost, the status is renewed.</summary>
internal sealed record ClockTicked : RunEvent;
