namespace LoptCluster.Shared.Specification;

public enum InnerProblemKind
{
    FullyConnected,
    Convnet,
    Quadratic,

    /// <summary>A torch module of the worker's program, named by <see cref="RunSpecification.TorchModule"/>.</summary>
    Torch,
}
