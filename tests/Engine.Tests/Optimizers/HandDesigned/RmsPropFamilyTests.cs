using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class RmsPropFamilyTests() : HandDesignedFamilyContract(OptimizerFamilies.RmsProp, DoubleRules.RmsProp);
