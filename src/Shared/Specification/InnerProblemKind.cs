namespace LoptCluster.Shared.Specification;

/// <summary>Family of inner-problems that a run trains on.</summary>
public enum InnerProblemKind
{
    FullyConnected,
    Convnet,
    Quadratic,

    /// <summary>A torch module of the worker's program, named by <see cref="RunSpecification.TorchModule"/>.</summary>
    Torch,
}
