using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Unrolling;

/// <summary>Samples of another worker that this one computes again.</summary>
/// <remarks>
/// Part of <see cref="AuditQueue"/>, except <see cref="State"/>, which belongs to the slot's thread while it works on the audit.
/// </remarks>
internal sealed class HeldAudit(AuditOrder order)
{
    public long Id { get; } = order.AuditId;

    public long ProblemId { get; } = order.ProblemId;

    /// <summary>Truncations before it are computed without gradients.</summary>
    public int MeasureFrom { get; } = order.MeasureFrom;

    /// <summary>Null until a slot has begun the problem.</summary>
    public InnerState? State { get; set; }

    /// <summary>Truncations that are still to be computed.</summary>
    public Queue<AuditedTruncation> Waiting { get; } = [];

    /// <summary>Truncations that the coordinator has sent.</summary>
    public int Received { get; set; }

    /// <summary>No more truncations follow.</summary>
    public bool Complete { get; set; }

    /// <summary>A slot works on it.</summary>
    public bool Running { get; set; }
}
