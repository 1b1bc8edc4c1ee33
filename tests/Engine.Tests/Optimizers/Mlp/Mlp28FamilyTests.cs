using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed class Mlp28FamilyTests() : MlpFamilyContract(OptimizerFamilies.Mlp28);
