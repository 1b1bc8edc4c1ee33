using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class Mlp20FamilyTests() : MlpFamilyContract(OptimizerFamilies.Mlp20);
