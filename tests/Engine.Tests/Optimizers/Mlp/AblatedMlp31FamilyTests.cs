using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class AblatedMlp31FamilyTests() : AblatedFamilyTests(OptimizerFamilies.Mlp31);
