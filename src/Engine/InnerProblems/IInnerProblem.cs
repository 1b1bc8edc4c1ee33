using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>ℓ(x; w) with its gradient and its exact Hessian-vector product (R-operator, Pearlmutter 1994).</summary>
/// <remarks>
/// Holds the scratch memory of one slot: not thread-safe, no allocation in any call after the first few.
/// All parameter vectors are in <see cref="Layout"/>'s padded form. Losses are means over the minibatch, in nats; not finite where
/// they overflow (the caller caps). Sums run in a fixed order: the same inputs give the same bits, whatever ran before.
/// </remarks>
public interface IInnerProblem : IDisposable
{
    ParameterLayout Layout { get; }

    /// <summary>Floats of one example (0: no data).</summary>
    int InputLength { get; }

    /// <summary>Largest minibatch it has room for.</summary>
    int MaxMinibatch { get; }

    /// <summary>
    /// Multiply-adds × 2 of one loss + gradient, and of one Hessian-vector product with its recomputed primal, for B examples, as their definitions
    /// have them.
    /// </summary>
    (double Gradient, double HessianVector) Flops(int minibatchSize);

    /// <summary>Of those that the kernels do: fewer where an algorithm saves products.</summary>
    (double Gradient, double HessianVector) ExecutedFlops(int minibatchSize) => Flops(minibatchSize);

    /// <summary>Of a Hessian-vector product that is given the intermediate values of its gradient.</summary>
    double HessianVectorFlopsWithIntermediates(int minibatchSize) => Flops(minibatchSize).HessianVector;

    /// <summary>Fills w with its random start (glorot-uniform weights, zero biases, App. D.2).</summary>
    void Initialize(ref RandomStream random, Span<float> w);

    /// <summary>Computes ℓ without its gradient.</summary>
    double Loss(ReadOnlySpan<float> w, Minibatch batch);

    /// <summary>
    /// Floats of the intermediate values that a gradient of B examples can leave to a Hessian-vector product at the same w and minibatch, which is
    /// spared their computation; 0: there are none.
    /// </summary>
    int IntermediatesLength(int minibatchSize) => 0;

    /// <summary>ℓ and ∇ℓ; <paramref name="gradient"/> is overwritten.</summary>
    double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient);

    /// <summary>The same, and leaves <paramref name="intermediates"/> [<see cref="IntermediatesLength"/>]; of length 0: leaves nothing.</summary>
    double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient, Span<float> intermediates) => LossAndGradient(w, batch, gradient);

    /// <summary><paramref name="accumulator"/> += ∇²ℓ(w) v. Slope of ReLU is 0 at 0.</summary>
    void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator);

    /// <summary>The same bits, with what <see cref="LossAndGradient(ReadOnlySpan{float}, Minibatch, Span{float}, Span{float})"/> left; of length 0: without.</summary>
    void AddHessianVectorProduct(
        ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, ReadOnlySpan<float> intermediates, Span<float> accumulator) =>
        AddHessianVectorProduct(w, v, batch, accumulator);
}
