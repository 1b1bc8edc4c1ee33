using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class Mlp16FamilyTests() : MlpFamilyContract(OptimizerFamilies.Mlp16);
