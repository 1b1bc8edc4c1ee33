using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class Mlp31FamilyTests() : MlpFamilyContract(OptimizerFamilies.Mlp31);
