namespace LoptCluster.Shared.Specification;

/// <summary>Properties of optimizer kinds that rules between keys depend on.</summary>
public static class OptimizerKinds
{
    /// <summary>True for the MLPs, to which stepScale and exponentScale apply; false for optimizers whose θ are hyper-parameters.</summary>
    public static bool IsMlp(this OptimizerKind kind) =>
        kind is OptimizerKind.Mlp16 or OptimizerKind.Mlp31 or OptimizerKind.Mlp20 or OptimizerKind.Mlp28;

    /// <summary>True for the MLPs with inputs that describe the training they are used for: its length, its number of images.</summary>
    public static bool HasTaskInputs(this OptimizerKind kind) => kind is OptimizerKind.Mlp20 or OptimizerKind.Mlp28;

    /// <summary>True for the families whose momentum can be Nesterov's.</summary>
    public static bool HasMomentum(this OptimizerKind kind) => kind is OptimizerKind.Momentum or OptimizerKind.MomentumRegDecay;

    /// <summary>True for the optimizers whose update has no pullback: a run can search their hyper-parameters, not train them.</summary>
    public static bool IsSearchOnly(this OptimizerKind kind) => kind is OptimizerKind.AdamW or OptimizerKind.NAdamW
        or OptimizerKind.ScheduleFreeAdamW or OptimizerKind.Lion or OptimizerKind.Muon;
}
