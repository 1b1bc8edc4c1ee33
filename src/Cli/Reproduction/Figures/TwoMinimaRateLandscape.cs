using System.Collections.Immutable;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 9c: the final loss by learning rate, with momentum and without, after several numbers of inner-steps.</summary>
internal sealed class TwoMinimaRateLandscape : ToyLandscape
{
    public override string Id => "9c";

    public override string Title => "Final loss by learning rate, after T inner-steps";

    public override string Claim =>
        "Larger values of T give nearly discontinuous losses around the learning rates at which w changes between the minima.";

    public override int PanelColumns => 2;

    protected override ImmutableArray<ToySweep> Sweeps => [ToySweep.OfRateWithMomentum, ToySweep.OfRateWithoutMomentum];

    /// <summary>Not the slope: it is zero on both sides of a change that single precision does not resolve.</summary>
    protected override Finding Judge(double slope, double jump, string at) =>
        Finding.Of($"jump of the loss {at}", jump);

    protected override (double Least, double Greatest) SlopeHeights => (1e-3, 1e9);
}
