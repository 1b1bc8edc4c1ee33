using System.Collections.Immutable;

namespace LoptCluster.Shared.Run;

/// <summary>Where an assigned inner-problem goes on from. Exactly one of the nested cases.</summary>
public abstract record StateOrigin
{
    private StateOrigin()
    {
    }

    /// <summary>Index of the truncation that comes next.</summary>
    public abstract int NextTruncation { get; }

    /// <summary>t of the state.</summary>
    public abstract int InnerStep { get; }

    /// <summary>The initial w at t = 0.</summary>
    public sealed record FromStart : StateOrigin
    {
        public static FromStart Instance { get; } = new();

        public override int NextTruncation => 0;

        public override int InnerStep => 0;
    }

    /// <summary>A state that a leaving worker handed back.</summary>
    public sealed record HandedBack(InnerState State) : StateOrigin
    {
        public override int NextTruncation => State.NextTruncation;

        public override int InnerStep => State.InnerStep;
    }

    /// <summary>A state that is reached by computing these truncations, from the first on, once more without gradients.</summary>
    public sealed record Recomputed(ImmutableArray<RecomputedTruncation> Truncations) : StateOrigin
    {
        public override int NextTruncation => Truncations.Length;

        public override int InnerStep => Truncations.Sum(t => t.Steps);
    }
}
