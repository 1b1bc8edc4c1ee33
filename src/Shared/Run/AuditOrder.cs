using System.Collections.Immutable;

namespace LoptCluster.Shared.Run;

/// <summary>Samples of other workers that a worker is to compute again, from the start of their problem.</summary>
/// <param name="AuditId">Comes back with each result.</param>
/// <param name="ProblemId">The problem.</param>
/// <param name="First">Index of the first of the truncations; 0: t = 0, otherwise the audit goes on from where it stands.</param>
/// <param name="Truncations">In order; none: the audit is over.</param>
/// <param name="MeasureFrom">Truncations before it are computed without gradients, and not reported.</param>
/// <param name="Complete">No more truncations follow.</param>
public sealed record AuditOrder(
    long AuditId, long ProblemId, int First, ImmutableArray<AuditedTruncation> Truncations, int MeasureFrom, bool Complete);
