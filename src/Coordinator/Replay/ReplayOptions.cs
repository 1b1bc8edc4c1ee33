using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Replay;

/// <summary>How a run is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>The run's specification, with other values for "what if" (<see cref="WhatIf"/>).</summary>
    public required RunSpecification Specification { get; init; }

    /// <summary>Every sample is unrolled again and compared with the run's, also where its gradients are in the ledger.</summary>
    public bool RecomputesAll { get; init; }

    /// <summary>
    /// Makes a slot of the run, for samples whose gradients are not in the ledger. Called only if there are any, possibly from several
    /// threads.
    /// </summary>
    public required Func<Slot> CreateSlot { get; init; }

    /// <summary>Samples that are unrolled at the same time.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Called before each update whose samples are unrolled again, with their number.</summary>
    public Action<long, int> OnRecompute { get; init; } = (_, _) => { };
}
