using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>What a <see cref="ConvolutionPass"/> works on: y = f(bias + conv(x, w) + conv(x₂, w₂)).</summary>
/// <remarks>Maps have their ring; of y only the pass's destination pixels are written. y overlaps nothing else.</remarks>
internal unsafe struct ConvolutionOperands
{
    public float* X;

    /// <summary>Second source map, or null.</summary>
    public float* X2;

    /// <summary>Packed weights of the pass.</summary>
    public float* W;

    public float* W2;

    /// <summary>[columns], or null: from 0.</summary>
    public float* Bias;

    public float* Y;

    /// <summary>f(x) = max(x, 0); NaN stays NaN.</summary>
    public bool Relu;

    /// <summary>f(x) = x where this map, of y's shape, is greater than 0, else 0: the slope of ReLU. Null: no mask.</summary>
    public float* Mask;

    /// <summary>What to fetch from memory meanwhile, or null.</summary>
    public CacheLines? Meanwhile;
}
