using System.Diagnostics;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Reports;

/// <summary>What a worker sends to its coordinator after the Hello.</summary>
internal abstract record OutboundMessage
{
    private OutboundMessage()
    {
    }

    /// <param name="Sample">The measurement.</param>
    /// <param name="SpecificationHash">Of the specification that it was computed with.</param>
    /// <param name="Trace">Span of the sample, which ends with the acknowledgement; null where no listener collects traces.</param>
    internal sealed record Measured(
        GradientSample Sample, string SpecificationHash, Activity? Trace, long AssignmentId = 0) : OutboundMessage;

    internal sealed record Evaluated(long EvaluationId, EvaluationOutcome Outcome, TimeSpan Elapsed) : OutboundMessage;

    /// <param name="PartId">The part of a comparison.</param>
    /// <param name="Result">Its result.</param>
    /// <param name="Elapsed">Time that it took.</param>
    internal sealed record Compared(long PartId, PartResult Result, TimeSpan Elapsed) : OutboundMessage;

    /// <param name="AuditId">The audit that it belongs to.</param>
    /// <param name="Sample">A sample of another worker, computed again.</param>
    /// <param name="SpecificationHash">Of the specification that it was computed with.</param>
    internal sealed record Audited(long AuditId, GradientSample Sample, string SpecificationHash) : OutboundMessage;

    /// <summary>A problem came with a state that does not fit it; the coordinator assigns it anew, to be recomputed.</summary>
    internal sealed record StateUnusable(long ProblemId, string Mismatch) : OutboundMessage;

    /// <summary>The link sends the worker's status of the moment at which it writes this message.</summary>
    internal sealed record StatusDue : OutboundMessage;

    /// <summary>The last message of a worker that leaves.</summary>
    internal sealed record Goodbye(string Reason, IReadOnlyList<UnfinishedProblem> Unfinished, bool Failed = false) : OutboundMessage;
}
