using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class SgdFamilyTests() : HandDesignedFamilyContract(OptimizerFamilies.Sgd, DoubleRules.Sgd);
