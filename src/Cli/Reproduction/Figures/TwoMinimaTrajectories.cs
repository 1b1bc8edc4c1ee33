using System.Collections.Immutable;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>Fig. 2b: w(t) at several momenta.</summary>
internal sealed class TwoMinimaTrajectories : ToyTrajectories
{
    public override string Id => "2b";

    public override string Title => "Inner-parameter during inner-training, by momentum";

    public override string Claim =>
        "Low momenta end in the first minimum, higher ones in the second; with larger values w oscillates between both before it settles.";

    protected override ImmutableArray<ToySweep> Sweeps => [ToySweep.OfMomentum];
}
