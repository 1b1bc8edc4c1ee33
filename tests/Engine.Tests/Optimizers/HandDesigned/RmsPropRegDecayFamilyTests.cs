using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class RmsPropRegDecayFamilyTests() : RegDecayFamilyContract(OptimizerFamilies.RmsPropRegDecay, DoubleRules.RmsProp);
