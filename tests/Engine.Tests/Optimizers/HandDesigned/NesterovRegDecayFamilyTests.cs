using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class NesterovRegDecayFamilyTests()
    : RegDecayFamilyContract(OptimizerFamilies.MomentumRegDecay, DoubleRules.Momentum(nesterov: true))
{
    protected override UpdateSettings Settings => new(InnerSteps: 1000) { Nesterov = true };
}
