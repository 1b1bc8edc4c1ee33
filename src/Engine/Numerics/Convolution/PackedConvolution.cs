using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Convolution with packed weights, forward and backward: y = f(conv(x, W) + b), its gradients and their R.</summary>
/// <remarks>
/// Symbols: W and b are weights and bias, V is the direction of W, x the input, y the output, g = ∂ℓ/∂y, and Rq the derivative of any q
/// in the direction. Maps have their ring of zeros. <see cref="SetInput"/> sets the input of all calls until it is called again. Owned by
/// one slot.
/// </remarks>
internal abstract unsafe class PackedConvolution : IDisposable
{
    /// <summary>
    /// Floating-point operations (multiply-adds × 2) of the products in <see cref="Forward"/>, <see cref="Backward"/> or <see
    /// cref="AddGradient"/>, as executed; <see cref="ConvolutionGeometry.Flops"/> counts those of the definition.
    /// </summary>
    public abstract double Flops { get; }

    /// <summary>
    /// Approximate number of calls of <see cref="CacheLines.Fetch"/> in <see cref="Forward"/> or <see cref="ForwardTangent"/>.
    /// </summary>
    public abstract int ForwardFetches { get; }

    /// <summary>Approximate number of such calls in <see cref="Backward"/> or <see cref="BackwardTangent"/>.</summary>
    public abstract int BackwardFetches { get; }

    /// <summary>Approximate number of such calls in <see cref="AddGradient"/> or <see cref="AddGradientTangent"/>.</summary>
    public abstract int GradientFetches { get; }

    /// <summary>Packs the weights W [3, 3, in, out], valid until the next call.</summary>
    /// <param name="backward">Whether the weights are packed for <see cref="Backward"/> too.</param>
    public abstract void Load(float* weights, bool backward);

    /// <summary>Packs the weights V of a direction.</summary>
    public abstract void LoadTangents(float* weights);

    /// <summary>Sets the input x.</summary>
    public abstract void SetInput(float* x);

    /// <summary>Sets the input's tangent Rx; null means 0.</summary>
    public abstract void SetInputTangent(float* xTangent);

    /// <summary>Computes y = conv(x, W) + b, or its ReLU.</summary>
    /// <param name="bias">Bias [out]; null means 0.</param>
    public abstract void Forward(float* bias, bool relu, float* y);

    /// <summary>Computes Ry = (conv(x, V) + conv(Rx, W) + Rb) where <paramref name="mask"/> is positive; null: everywhere.</summary>
    public abstract void ForwardTangent(float* bias, float* mask, float* yTangent);

    /// <summary>Computes the gradient of x, given the gradient g of y, where <paramref name="mask"/> is positive.</summary>
    public abstract void Backward(float* g, float* mask, float* xGradient);

    /// <summary>Computes R of the result of <see cref="Backward"/>.</summary>
    public abstract void BackwardTangent(float* g, float* gTangent, float* mask, float* xGradientTangent);

    /// <summary>Resets the sums of <see cref="AddGradient"/> and <see cref="AddGradientTangent"/>.</summary>
    public abstract void ClearGradient();

    /// <summary>Adds x ⊗ g to the gradient of W, and the sum of g to that of b if there is one.</summary>
    public abstract void AddGradient(float* g);

    /// <summary>Adds R of that gradient: x ⊗ Rg + Rx ⊗ g for W, and the sum of Rg for b.</summary>
    public abstract void AddGradientTangent(float* g, float* gTangent);

    /// <summary>Adds the accumulated gradients to weights and bias.</summary>
    /// <param name="bias">Gradient of the bias [out], or null.</param>
    public abstract void AddGradientTo(float* weights, float* bias);

    public abstract void Dispose();
}
