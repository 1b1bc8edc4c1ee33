using LoptCluster.Shared.Run;
using LoptCluster.Worker.Assignments;

namespace LoptCluster.Worker.Unrolling;

/// <summary>What a slot does next.</summary>
internal abstract record WorkItem
{
    private WorkItem()
    {
    }

    /// <summary>One truncation of a problem at a θ.</summary>
    internal sealed record Unroll(HeldProblem Problem, PublishedTheta Theta) : WorkItem;

    /// <summary>One truncation of an audit.</summary>
    internal sealed record Audit(HeldAudit Held, AuditedTruncation Truncation) : WorkItem;

    internal sealed record Evaluate(EvaluationAssignment Evaluation) : WorkItem;

    /// <summary>One optimizer on one task of a comparison.</summary>
    /// <param name="Part">The part.</param>
    /// <param name="Abandon">Cancelled when nobody waits for the result any more.</param>
    internal sealed record Compare(ComparisonAssignment Part, CancellationToken Abandon) : WorkItem;
}
