using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>What a weight gradient sums: x over output gradient g, and x₂ over g₂ if there is a second pair.</summary>
internal unsafe struct PatchOperands
{
    /// <summary>Input map with its ring.</summary>
    public float* X;

    /// <summary>Output gradient's map with its ring.</summary>
    public float* G;

    /// <summary>Second input map, or null.</summary>
    public float* X2;

    public float* G2;

    /// <summary>What to fetch from memory meanwhile, or null.</summary>
    public CacheLines? Meanwhile;
}
