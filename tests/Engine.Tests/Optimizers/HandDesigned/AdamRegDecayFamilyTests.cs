using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class AdamRegDecayFamilyTests() : RegDecayFamilyContract(OptimizerFamilies.AdamRegDecay, DoubleRules.Adam);
