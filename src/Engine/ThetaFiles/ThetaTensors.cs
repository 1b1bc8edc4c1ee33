using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>Names and shapes that θ is stored under: the MLP's layers, or one flat tensor.</summary>
public static class ThetaTensors
{
    private const int Hidden = 32;

    public static IReadOnlyList<(string Name, int[] Shape)> Of(OptimizerKind optimizer)
    {
        int length = OptimizerFactory.ThetaLength(new RunSpecification { Optimizer = optimizer });
        if (optimizer is not (OptimizerKind.Mlp16 or OptimizerKind.Mlp31)) return [("theta", [length])];
        int inputs = optimizer == OptimizerKind.Mlp16 ? 16 : 31;
        return [("W1", [inputs, Hidden]), ("b1", [Hidden]), ("W2", [Hidden, 2]), ("b2", [2])];
    }
}
