namespace LoptCluster.Engine.Unrolling;

/// <summary>Where an inner-problem stands between two truncations. One owner at a time: a slot, or a message between them.</summary>
/// <remarks>Deterministic: (run seed, problem id, θ of every truncation so far) give the same bits on any machine.</remarks>
public sealed class InnerState
{
    /// <summary>Decides task, initial w, minibatches and perturbations.</summary>
    public required long ProblemId { get; init; }

    /// <summary>Inner-step the problem ends at.</summary>
    public required int Horizon { get; init; }

    /// <summary>t.</summary>
    public int InnerStep { get; set; }

    /// <summary>Index of the truncation that comes next; with the problem id the identity of its sample.</summary>
    public int NextTruncation { get; set; }

    /// <summary>w(t), padded layout.</summary>
    public required float[] W { get; init; }

    /// <summary>The optimizer's state at t: StateVectors × padded length.</summary>
    public required float[] M { get; init; }

    public bool Finished => InnerStep >= Horizon;
}
