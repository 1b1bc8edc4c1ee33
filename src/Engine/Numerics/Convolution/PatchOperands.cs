using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Operands of a weight gradient: the input x and output gradient g, and x₂ and g₂ if there is a second pair.</summary>
internal unsafe struct PatchOperands
{
    /// <summary>Input map x with its ring.</summary>
    public float* X;

    /// <summary>Map of the output gradient g with its ring.</summary>
    public float* G;

    /// <summary>Second input map x₂, or null.</summary>
    public float* X2;

    public float* G2;

    /// <summary>Memory to fetch while the kernel computes, or null.</summary>
    public CacheLines? Meanwhile;
}
