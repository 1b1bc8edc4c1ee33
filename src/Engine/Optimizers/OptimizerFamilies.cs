using System.Collections.Frozen;
using System.Collections.Immutable;
using LoptCluster.Engine.Optimizers.HandDesigned;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>All families of inner-optimizers.</summary>
public static class OptimizerFamilies
{
    /// <summary>The MLP of App. D.1, 16 inputs.</summary>
    public static IOuterTrainableFamily Mlp16 { get; } = new MlpFamily(OptimizerKind.Mlp16, "mlp16", "MLP, 16 inputs", MlpShape.Paper);

    /// <summary>The MLP of the released code, 31 inputs.</summary>
    public static IOuterTrainableFamily Mlp31 { get; } = new MlpFamily(OptimizerKind.Mlp31, "mlp31", "MLP, 31 inputs", MlpShape.Released);

    public static IOuterTrainableFamily Sgd { get; } = new SgdFamily();

    public static IOuterTrainableFamily Momentum { get; } = new MomentumFamily();

    public static IOuterTrainableFamily Adam { get; } = new AdamFamily();

    /// <summary>A baseline; not outer-trainable.</summary>
    public static IOptimizerFamily RmsProp { get; } = new RmsPropFamily();

    /// <summary>Families that a run can train.</summary>
    public static ImmutableArray<IOuterTrainableFamily> Trainable { get; } = [Mlp16, Mlp31, Sgd, Momentum, Adam];

    private static readonly FrozenDictionary<OptimizerKind, IOuterTrainableFamily> ByKind = Trainable.ToFrozenDictionary(f => f.Kind);

    public static IOuterTrainableFamily Of(OptimizerKind kind) =>
        ByKind.GetValueOrDefault(kind)
        ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "No optimizer family is registered for this kind.");

    /// <summary>The trainable family of a name, or null.</summary>
    public static IOuterTrainableFamily? Find(string name) => Trainable.FirstOrDefault(f => f.Name == name);
}
