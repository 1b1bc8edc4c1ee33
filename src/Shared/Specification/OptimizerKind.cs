namespace LoptCluster.Shared.Specification;

/// <summary>Form of the optimizer u(·; θ) whose parameters are trained.</summary>
public enum OptimizerKind
{
    /// <summary>MLP of App. D.1 with 16 inputs: 610 parameters.</summary>
    Mlp16,

    /// <summary>MLP of the released code with 31 inputs: 1,090 parameters.</summary>
    Mlp31,

    /// <summary>
    /// The 16 inputs, and four of the task: how far training is, its length, its number of images, its passes over them. 738 parameters.
    /// </summary>
    Mlp20,

    /// <summary>
    /// Those, and eight of the tensor: the logarithm of the RMS of g, of each momentum and of w, and its size. 994 parameters.
    /// </summary>
    Mlp28,

    /// <summary>Plain gradient descent; θ = (ln learning rate).</summary>
    Sgd,

    /// <summary>Heavy-ball momentum, or Nesterov's; θ = (ln learning rate, ln(1−μ)).</summary>
    Momentum,

    /// <summary>θ = (ln learning rate, ln(1−β1), ln(1−β2), ln ε).</summary>
    Adam,

    /// <summary>RMSProp, ε inside the root, β = 0.9; θ = (ln learning rate, ln ε).</summary>
    RmsProp,

    /// <summary>
    /// Adam with regularisation and decay, 8 parameters (§4.4): those of Adam, then ln linear decay, ln exponential decay, ln ℓ1, ln ℓ2.
    /// </summary>
    AdamRegDecay,

    /// <summary>RMSProp with regularisation and decay (§4.4): 6 parameters.</summary>
    RmsPropRegDecay,

    /// <summary>Momentum with regularisation and decay (§4.4): 6 parameters.</summary>
    MomentumRegDecay,

    /// <summary>AdamW; this and those that follow can be tuned by search, not outer-trained.</summary>
    AdamW,

    /// <summary>AdamW with Nesterov's momentum, as AlgoPerf has it.</summary>
    NAdamW,

    /// <summary>Schedule-Free AdamW (Defazio et al. 2024).</summary>
    ScheduleFreeAdamW,

    /// <summary>Lion (Chen et al. 2023).</summary>
    Lion,

    /// <summary>Muon for the weights of hidden layers, AdamW for the rest (Jordan et al. 2024).</summary>
    Muon,
}
