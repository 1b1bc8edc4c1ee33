using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Operands of a <see cref="ConvolutionPass"/>: y = f(bias + conv(x, w) + conv(x₂, w₂)).</summary>
/// <remarks>Maps have their ring; in y only the pass's destination pixels are written. y overlaps no other operand.</remarks>
internal unsafe struct ConvolutionOperands
{
    public float* X;

    /// <summary>Second source map x₂, or null.</summary>
    public float* X2;

    /// <summary>Packed weights w of the pass.</summary>
    public float* W;

    public float* W2;

    /// <summary>Bias [columns] at which the sums start; null: 0.</summary>
    public float* Bias;

    public float* Y;

    /// <summary>Whether f(x) = max(x, 0); NaN stays NaN.</summary>
    public bool Relu;

    /// <summary>Map of y's shape for f(x) = x where it is greater than 0, else 0: the slope of ReLU. Null: no mask.</summary>
    public float* Mask;

    /// <summary>Memory to fetch while the kernel computes, or null.</summary>
    public CacheLines? Meanwhile;
}
