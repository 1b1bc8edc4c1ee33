using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>Inner-problem: ℓ(x; w) with its gradient and its exact Hessian-vector product (R-operator, Pearlmutter 1994).</summary>
/// <remarks>
/// Holds the scratch memory of one slot: not thread-safe, no allocation after the first few calls. All parameter vectors are in <see
/// cref="Layout"/>'s padded form. Losses are means over the minibatch, in nats: at least 0 in the problems of <see
/// cref="InnerProblemFactory"/>; not finite if they overflow (the caller caps them). Sums run in a fixed order: the same inputs give the
/// same bits, independent of earlier calls.
/// </remarks>
public interface IInnerProblem : IDisposable
{
    ParameterLayout Layout { get; }

    /// <summary>Number of floats in one example; 0 for problems without data.</summary>
    int InputLength { get; }

    /// <summary>Largest supported minibatch size.</summary>
    int MaxMinibatch { get; }

    /// <summary>
    /// Floating-point operations (multiply-adds × 2) of one loss with gradient, and of one Hessian-vector product with its recomputed
    /// primal, for B examples, according to their definitions.
    /// </summary>
    (double Gradient, double HessianVector) Flops(int minibatchSize);

    /// <summary>
    /// Floating-point operations that the kernels execute: fewer than <see cref="Flops"/> if an algorithm saves products.
    /// </summary>
    (double Gradient, double HessianVector) ExecutedFlops(int minibatchSize) => Flops(minibatchSize);

    /// <summary>Floating-point operations of a Hessian-vector product that reuses the intermediate values of its gradient.</summary>
    double HessianVectorFlopsWithIntermediates(int minibatchSize) => Flops(minibatchSize).HessianVector;

    /// <summary>Fills w with random initial values (Glorot-uniform weights, zero biases, App. D.2).</summary>
    void Initialize(ref RandomStream random, Span<float> w);

    /// <summary>Computes the loss ℓ without its gradient.</summary>
    double Loss(ReadOnlySpan<float> w, Minibatch batch);

    /// <summary>
    /// Computes the same loss, and in the same pass the accuracy: the share of examples whose largest output is that of their label. NaN
    /// for problems without classes.
    /// </summary>
    (double Loss, double Accuracy) LossAndAccuracy(ReadOnlySpan<float> w, Minibatch batch) => (Loss(w, batch), double.NaN);

    /// <summary>
    /// Number of floats that a gradient of B examples can store for a Hessian-vector product at the same w and minibatch, which then does
    /// not recompute them; 0 if the problem stores none.
    /// </summary>
    int IntermediatesLength(int minibatchSize) => 0;

    /// <summary>Computes ℓ and ∇ℓ; <paramref name="gradient"/> is overwritten.</summary>
    double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient);

    /// <summary>
    /// Computes ℓ and ∇ℓ, and fills <paramref name="intermediates"/> [<see cref="IntermediatesLength"/>] unless it is empty.
    /// </summary>
    double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient, Span<float> intermediates) =>
        LossAndGradient(w, batch, gradient);

    /// <summary>Adds the Hessian-vector product ∇²ℓ(w) v to <paramref name="accumulator"/>. The slope of ReLU at 0 is 0.</summary>
    void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator);

    /// <summary>
    /// Computes the same bits from the intermediate values that <see cref="LossAndGradient(ReadOnlySpan{float}, Minibatch, Span{float},
    /// Span{float})"/> stored, unless they are empty.
    /// </summary>
    void AddHessianVectorProduct(
        ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, ReadOnlySpan<float> intermediates, Span<float> accumulator) =>
        AddHessianVectorProduct(w, v, batch, accumulator);
}
