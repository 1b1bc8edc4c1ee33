using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>A message to a worker. Immutable: it is written to the wire on another thread.</summary>
internal abstract record OutgoingMessage;

/// <summary>The run that the worker joins. The first message of a session.</summary>
internal sealed record Welcomed(RunContext Run, PublishedTheta Theta, TimeSpan HeartbeatInterval) : OutgoingMessage;

/// <summary>A problem to unroll truncation by truncation until its horizon.</summary>
internal sealed record ProblemAssigned(
    long ProblemId, long AssignmentId, int Horizon, int Lane, long NotBeforeVersion, StateOrigin Origin) : OutgoingMessage;

/// <summary>An evaluation to make.</summary>
/// <param name="EvaluationId">Comes back with the result.</param>
/// <param name="Split">Classes that the tasks are drawn from.</param>
/// <param name="Tasks">How many.</param>
/// <param name="Theta">The θ to evaluate; null: the tuned-Adam baseline.</param>
internal sealed record EvaluationAssigned(long EvaluationId, ClassSplit Split, int Tasks, ThetaSnapshot? Theta) : OutgoingMessage;

/// <summary>A part of a comparison to compute: one optimizer on one held-out task.</summary>
/// <param name="PartId">Comes back with the result.</param>
/// <param name="Task">Index of the task, from 0.</param>
/// <param name="Theta">θ of the run's optimizer; null: the optimizer is <paramref name="Baseline"/>.</param>
/// <param name="Baseline">Null: the optimizer is that of the run.</param>
internal sealed record ComparisonPartAssigned(long PartId, int Task, ThetaSnapshot? Theta, Baseline? Baseline) : OutgoingMessage;

/// <summary>Samples of other workers to compute again.</summary>
internal sealed record AuditAssigned(AuditOrder Order) : OutgoingMessage;

internal sealed record SampleAcknowledged(SampleIdentity Sample, SampleVerdict Verdict) : OutgoingMessage;

/// <param name="Refusal">What is wrong.</param>
/// <param name="Fatal">The stream ends, and the worker must not try again.</param>
/// <param name="Sample">The refused sample; null: another message was refused.</param>
internal sealed record MessageRefused(Refusal Refusal, bool Fatal, SampleIdentity? Sample) : OutgoingMessage;

/// <summary>Another worker has the problem: its state must be dropped.</summary>
internal sealed record ProblemRevoked(long ProblemId) : OutgoingMessage;

/// <summary>Whether new truncations may begin.</summary>
internal sealed record PauseChanged(bool Paused) : OutgoingMessage;

/// <summary>The worker must hand back its problems and leave.</summary>
/// <param name="Reason">For people.</param>
/// <param name="ComeBack">The run is not over: look for the coordinator again.</param>
internal sealed record Dismissed(string Reason, bool ComeBack) : OutgoingMessage;
