using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class MomentumFamilyTests() : HandDesignedFamilyContract(OptimizerFamilies.Momentum, DoubleRules.Momentum(nesterov: false));
