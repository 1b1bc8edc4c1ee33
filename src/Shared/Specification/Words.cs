namespace LoptCluster.Shared.Specification;

/// <summary>How samples meet outer-updates.</summary>
public enum RunMode
{
    /// <summary>Any S samples make an update, as in the paper (§4.3).</summary>
    Asynchronous,

    /// <summary>Each lane gives one sample per update at the current θ, merged in lane order: reproducible bit for bit.</summary>
    Synchronous,
}

public enum DatasetKind
{
    /// <summary>The built-in generator, 1,000 classes.</summary>
    Procedural,

    /// <summary>Real files; which format is told from the folder given with --data.</summary>
    Files,
}

public enum InnerProblemKind
{
    FullyConnected,
    Convnet,
    Quadratic,

    /// <summary>A torch module of the worker's program, named by <see cref="RunSpecification.TorchModule"/>.</summary>
    Torch,
}

public enum OptimizerKind
{
    /// <summary>The MLP of App. D.1 with 16 inputs: 610 numbers.</summary>
    Mlp16,

    /// <summary>The MLP of the released code with 31 inputs: 1,090 numbers.</summary>
    Mlp31,

    /// <summary>θ = (learning rate).</summary>
    Sgd,

    /// <summary>θ = (learning rate, momentum).</summary>
    Momentum,

    /// <summary>θ = (ln learning rate, ln(1−β1), ln(1−β2), ln ε).</summary>
    Adam,
}

/// <summary>L of §2.1: which data the outer-loss is measured on.</summary>
public enum OuterObjective
{
    Train,
    Valid,
}

/// <summary>Where along a step the outer-loss is measured.</summary>
public enum LossConvention
{
    /// <summary>At w(t), before each update: the text of the paper.</summary>
    BeforeUpdate,

    /// <summary>At w(t+1): the released code.</summary>
    AfterUpdate,
}

/// <summary>Which estimator moves θ (§3, and the ablations of §4.5).</summary>
public enum Estimator
{
    Merged,
    Rp,
    Es,
}

/// <summary>For which samples g_rp is computed.</summary>
public enum RpSharePolicy
{
    /// <summary>All of them: the paper.</summary>
    All,

    /// <summary>A random share of them, chosen by the coordinator from measured variances and times so that the merged gradient is as precise as a second of work can make it.</summary>
    Adaptive,
}

/// <summary>What happens to a sample computed at an older θ.</summary>
public enum StalenessPolicy
{
    /// <summary>Counts like any other: the paper.</summary>
    Off,

    /// <summary>Not counted beyond <see cref="RunSpecification.StalenessLimitUpdates"/> updates of age.</summary>
    Drop,

    /// <summary>Weight 1 / (1 + age / limit).</summary>
    Weight,
}
