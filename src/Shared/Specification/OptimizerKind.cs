namespace LoptCluster.Shared.Specification;

/// <summary>Form of the optimizer u(·; θ) whose parameters are trained.</summary>
public enum OptimizerKind
{
    /// <summary>MLP of App. D.1 with 16 inputs: 610 parameters.</summary>
    Mlp16,

    /// <summary>MLP of the released code with 31 inputs: 1,090 parameters.</summary>
    Mlp31,

    /// <summary>Plain gradient descent; θ = (learning rate).</summary>
    Sgd,

    /// <summary>θ = (learning rate, momentum).</summary>
    Momentum,

    /// <summary>θ = (ln learning rate, ln(1−β1), ln(1−β2), ln ε).</summary>
    Adam,
}
