using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>One convolution with its weights as its kernels read them, forward and backward: y = f(conv(x, W) + b), its gradients and their R.</summary>
/// <remarks>
/// Maps have their ring of zeros. <see cref="Take"/> names the input of all calls until the next. One slot's.
/// </remarks>
internal abstract unsafe class PackedConvolution : IDisposable
{
    /// <summary>
    /// Multiply-adds × 2 of <see cref="Forward"/>, and as many of <see cref="Backward"/> and <see cref="AddGradient"/>: those of products alone. The
    /// definition's are <see cref="ConvolutionGeometry.Flops"/>.
    /// </summary>
    public abstract double Flops { get; }

    /// <summary>Calls of <see cref="CacheLines.Fetch"/> in <see cref="Forward"/> or <see cref="ForwardTangent"/>, about.</summary>
    public abstract int ForwardFetches { get; }

    /// <summary>The same in <see cref="Backward"/> or <see cref="BackwardTangent"/>.</summary>
    public abstract int BackwardFetches { get; }

    /// <summary>The same in <see cref="AddGradient"/> or <see cref="AddGradientTangent"/>.</summary>
    public abstract int GradientFetches { get; }

    /// <summary>Packs W [3, 3, in, out], valid until the next call.</summary>
    /// <param name="backward">For <see cref="Backward"/> too.</param>
    public abstract void Load(float* weights, bool backward);

    /// <summary>Packs the weights of a direction V.</summary>
    public abstract void LoadTangents(float* weights);

    /// <summary>Packs the input map x.</summary>
    public abstract void Take(float* x);

    /// <summary>Rx, or null: 0.</summary>
    public abstract void TakeTangent(float* xTangent);

    /// <summary>y = conv(x, W) + b, or the ReLU of it.</summary>
    /// <param name="bias">[out], or null: 0.</param>
    public abstract void Forward(float* bias, bool relu, float* y);

    /// <summary>Ry = (conv(x, V) + conv(Rx, W) + Rb) where <paramref name="mask"/> is positive; null: everywhere.</summary>
    public abstract void ForwardTangent(float* bias, float* mask, float* yTangent);

    /// <summary>Gradient of x for the gradient g of y, where <paramref name="mask"/> is positive.</summary>
    public abstract void Backward(float* g, float* mask, float* xGradient);

    /// <summary>Tangents (R) of <see cref="Backward"/>.</summary>
    public abstract void BackwardTangent(float* g, float* gTangent, float* mask, float* xGradientTangent);

    /// <summary>Forgets what the next two have gathered.</summary>
    public abstract void ClearGradient();

    /// <summary>Gathers x ⊗ g, the gradient of W, and the sum of g, that of b if there is one.</summary>
    public abstract void AddGradient(float* g);

    /// <summary>Gathers R of that: x ⊗ Rg + Rx ⊗ g, and the sum of Rg.</summary>
    public abstract void AddGradientTangent(float* g, float* gTangent);

    /// <summary>weights, bias += what was gathered.</summary>
    /// <param name="bias">[out], or null.</param>
    public abstract void AddGradientTo(float* weights, float* bias);

    public abstract void Dispose();
}
