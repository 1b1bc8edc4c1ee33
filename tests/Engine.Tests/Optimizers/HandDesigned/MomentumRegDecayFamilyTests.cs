using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class MomentumRegDecayFamilyTests()
    : RegDecayFamilyContract(OptimizerFamilies.MomentumRegDecay, DoubleRules.Momentum(nesterov: false));
