using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class AblatedMlp16FamilyTests() : AblatedFamilyTests(OptimizerFamilies.Mlp16);
