namespace LoptCluster.Worker.Assignments;

/// <summary>How a worker obtains the inner state that an assigned problem continues from.</summary>
internal abstract record StateOrigin
{
    private StateOrigin()
    {
    }

    /// <summary>Index of the first truncation to sample.</summary>
    public abstract int NextTruncation { get; }

    /// <summary>t of the state.</summary>
    public abstract int InnerStep { get; }

    /// <summary>The problem begins at t = 0.</summary>
    internal sealed record FromStart : StateOrigin
    {
        public override int NextTruncation => 0;

        public override int InnerStep => 0;
    }

    /// <summary>A worker that left the run handed the state back.</summary>
    internal sealed record HandedBack(HandedBackState State) : StateOrigin
    {
        public override int NextTruncation => State.NextTruncation;

        public override int InnerStep => State.InnerStep;
    }

    /// <summary>The state was lost with its worker and is recomputed from the θ of every truncation so far, bit for bit.</summary>
    internal sealed record Recomputed(IReadOnlyList<PastTruncation> Truncations) : StateOrigin
    {
        public override int NextTruncation => Truncations.Count;

        public override int InnerStep { get; } = Truncations.Sum(t => t.Steps);
    }
}
