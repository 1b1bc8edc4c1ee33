using System.Collections.Frozen;
using System.Collections.Immutable;
using LoptCluster.Engine.Optimizers.Baselines;
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

    /// <summary>The MLP of App. D.1 with inputs of the task: 20 inputs.</summary>
    public static IOuterTrainableFamily Mlp20 { get; } = new MlpFamily(
        OptimizerKind.Mlp20, "mlp20", "MLP, 20 inputs (task)", MlpShape.Task);

    /// <summary>The MLP of App. D.1 with inputs of the task and of the tensor: 28 inputs.</summary>
    public static IOuterTrainableFamily Mlp28 { get; } = new MlpFamily(
        OptimizerKind.Mlp28, "mlp28", "MLP, 28 inputs (task, tensor)", MlpShape.Tensor);

    public static IOuterTrainableFamily Sgd { get; } = new HandDesignedFamily(OptimizerKind.Sgd, "sgd", "SGD", _ => new SgdRule());

    public static IOuterTrainableFamily Momentum { get; } = new HandDesignedFamily(
        OptimizerKind.Momentum, "momentum", "SGD + momentum", s => new MomentumRule(s.Nesterov));

    public static IOuterTrainableFamily Adam { get; } = new HandDesignedFamily(OptimizerKind.Adam, "adam", "Adam", _ => new AdamRule());

    public static IOuterTrainableFamily RmsProp { get; } = new HandDesignedFamily(
        OptimizerKind.RmsProp, "rmsProp", "RMSProp", _ => new RmsPropRule());

    public static IOuterTrainableFamily AdamRegDecay { get; } = new HandDesignedFamily(
        OptimizerKind.AdamRegDecay, "adamRegDecay", "Adam + regularization, decay", _ => new AdamRule(), regDecay: true);

    public static IOuterTrainableFamily RmsPropRegDecay { get; } = new HandDesignedFamily(
        OptimizerKind.RmsPropRegDecay, "rmsPropRegDecay", "RMSProp + regularization, decay", _ => new RmsPropRule(), regDecay: true);

    public static IOuterTrainableFamily MomentumRegDecay { get; } = new HandDesignedFamily(
        OptimizerKind.MomentumRegDecay,
        "momentumRegDecay",
        "SGD + momentum, regularization, decay",
        s => new MomentumRule(s.Nesterov),
        regDecay: true);

    public static IOptimizerFamily AdamW { get; } = new BaselineFamily(
        "adamW", "AdamW", AdamWOptimizer.AdamW, AdamWOptimizer.State, (layout, s) => new AdamWOptimizer(layout, s, nesterov: false));

    public static IOptimizerFamily NAdamW { get; } = new BaselineFamily(
        "nAdamW", "NAdamW", AdamWOptimizer.NAdamW, AdamWOptimizer.State, (layout, s) => new AdamWOptimizer(layout, s, nesterov: true));

    public static IOptimizerFamily ScheduleFreeAdamW { get; } = new BaselineFamily(
        "scheduleFreeAdamW",
        "Schedule-Free AdamW",
        ScheduleFreeOptimizer.HyperParameters,
        ScheduleFreeOptimizer.State,
        (layout, s) => new ScheduleFreeOptimizer(layout, s));

    public static IOptimizerFamily Lion { get; } = new BaselineFamily(
        "lion", "Lion", LionOptimizer.HyperParameters, LionOptimizer.State, (layout, s) => new LionOptimizer(layout, s));

    public static IOptimizerFamily Muon { get; } = new BaselineFamily(
        "muon", "Muon", MuonOptimizer.HyperParameters, MuonOptimizer.State, (layout, s) => new MuonOptimizer(layout, s));

    /// <summary>Families that a run can train.</summary>
    public static ImmutableArray<IOuterTrainableFamily> Trainable { get; } =
        [Mlp16, Mlp31, Mlp20, Mlp28, Sgd, Momentum, Adam, RmsProp, AdamRegDecay, RmsPropRegDecay, MomentumRegDecay];

    /// <summary>Families for comparisons and searches alone (docs/BASELINES.md): no run trains them.</summary>
    public static ImmutableArray<IOptimizerFamily> Baselines { get; } = [AdamW, NAdamW, ScheduleFreeAdamW, Lion, Muon];

    /// <summary>Families whose initial θ is a published setting that people use.</summary>
    public static ImmutableArray<IOptimizerFamily> Published { get; } = [Adam, RmsProp, .. Baselines];

    /// <summary>Every family as the optimizer of a run: a run trains those of <see cref="Trainable"/>, and searches the others.</summary>
    public static ImmutableArray<IOuterTrainableFamily> All { get; } =
    [
        .. Trainable,
        new SearchOnlyFamily(OptimizerKind.AdamW, AdamW),
        new SearchOnlyFamily(OptimizerKind.NAdamW, NAdamW),
        new SearchOnlyFamily(OptimizerKind.ScheduleFreeAdamW, ScheduleFreeAdamW),
        new SearchOnlyFamily(OptimizerKind.Lion, Lion),
        new SearchOnlyFamily(OptimizerKind.Muon, Muon),
    ];

    private static readonly FrozenDictionary<OptimizerKind, IOuterTrainableFamily> ByKind = All.ToFrozenDictionary(f => f.Kind);

    /// <summary>The family of a run's optimizer.</summary>
    public static IOuterTrainableFamily Of(OptimizerKind kind) =>
        ByKind.GetValueOrDefault(kind)
        ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "No optimizer family is registered for this kind.");

    /// <summary>The family of a name, or null.</summary>
    public static IOuterTrainableFamily? Find(string name) => All.FirstOrDefault(f => f.Name == name);
}
