using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.OuterTraining;

/// <summary>What the run loop is told, in order of arrival.</summary>
internal abstract record RunEvent;

internal sealed record WorkerJoined(WorkerSession Session) : RunEvent;

internal sealed record WorkerSent(WorkerSession Session, WorkerMessage Message) : RunEvent;

/// <summary>The stream ended, with or without a Goodbye.</summary>
internal sealed record WorkerLeft(WorkerSession Session) : RunEvent;

/// <summary>An operator's wish. <see cref="Done"/> completes once it is carried out and the status shows it.</summary>
internal abstract record Command : RunEvent
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal sealed record PauseRequested(bool Paused) : Command;

/// <param name="Reason">For the workers and the log.</param>
/// <param name="StopProcess">An operator ends this; false: the process was asked to stop and the run goes on with the next start.</param>
internal sealed record DrainRequested(string Reason, bool StopProcess) : Command;

/// <summary>Time passes: graces end, silent workers are lost, the status is renewed.</summary>
internal sealed record ClockTicked : RunEvent;
