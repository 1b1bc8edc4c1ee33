namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>A layer's numbers by channel, as <see cref="BatchNormalization"/> names them; [stride] floats each.</summary>
internal readonly unsafe struct ChannelStatistics(float* first, int stride)
{
    public const int Vectors = 10;

    /// <summary>Mean of z over minibatch and positions.</summary>
    public float* Mean => first;

    /// <summary>Inverse standard deviation s = 1 / √(variance of z + ε).</summary>
    public float* InverseStd => first + stride;

    /// <summary>Mean of Rz over minibatch and positions.</summary>
    public float* TangentMean => first + (2 * stride);

    /// <summary>Mean m of the products x̂ Rz.</summary>
    public float* TangentProductMean => first + (3 * stride);

    /// <summary>Mean A of the output gradient g_a.</summary>
    public float* GradientMean => first + (4 * stride);

    /// <summary>Mean B of the products g_a x̂.</summary>
    public float* GradientProductMean => first + (5 * stride);

    /// <summary>Tangent RA of <see cref="GradientMean"/>.</summary>
    public float* GradientTangentMean => first + (6 * stride);

    /// <summary>Tangent RB of <see cref="GradientProductMean"/>.</summary>
    public float* GradientTangentProductMean => first + (7 * stride);

    /// <summary>Factor c = γ s of the input gradient.</summary>
    public float* Factor => first + (8 * stride);

    /// <summary>Tangent Rc of <see cref="Factor"/>.</summary>
    public float* FactorTangent => first + (9 * stride);
}
