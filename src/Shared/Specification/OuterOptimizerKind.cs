namespace LoptCluster.Shared.Specification;

/// <summary>Optimizer that moves θ.</summary>
public enum OuterOptimizerKind
{
    /// <summary>Adam, as in App. D.3.</summary>
    Adam,

    /// <summary>Gradient descent without momentum (Algorithm 1, App. I).</summary>
    Sgd,

    /// <summary>Gradient descent with heavy-ball momentum.</summary>
    Momentum,
}
