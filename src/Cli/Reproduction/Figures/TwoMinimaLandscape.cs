using System.Collections.Immutable;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2c: the final loss as a function of the momentum, after several numbers of inner-steps.</summary>
internal sealed class TwoMinimaLandscape : ToyLandscape
{
    public override string Id => "2c";

    public override string Title => "Final loss by momentum, after T inner-steps";

    public override string Claim =>
        "The final loss is smooth after few inner-steps; after many it is nearly discontinuous where w changes between the minima.";

    protected override ImmutableArray<ToySweep> Sweeps => [ToySweep.OfMomentum];

    protected override Finding Judge(double slope, double jump, string at) => Finding.Of($"steepest slope {at}", slope);

    protected override (double Least, double Greatest) SlopeHeights => (1e-3, 1e6);
}
