using System.Collections.Immutable;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 9b: w(t) at several learning rates, with momentum and without.</summary>
internal sealed class TwoMinimaRateTrajectories : ToyTrajectories
{
    public override string Id => "9b";

    public override string Title => "Inner-parameter during inner-training, by learning rate";

    public override string Claim =>
        "With momentum and without, low learning rates end in the minimum at w = 0, slightly larger ones settle at w ≈ 3.5, and even "
        + "larger ones oscillate before they diverge.";

    protected override ImmutableArray<ToySweep> Sweeps => [ToySweep.OfRateWithMomentum, ToySweep.OfRateWithoutMomentum];
}
