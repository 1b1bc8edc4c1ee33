namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Statistics of one layer by channel, [stride] floats each; <see cref="BatchNormalization"/> defines the symbols.</summary>
internal readonly unsafe struct ChannelStatistics(float* first, int stride)
{
    public const int Vectors = 10;

    /// <summary>Mean of z over the minibatch.</summary>
    public float* Mean => first;

    /// <summary>Inverse standard deviation s = 1 / √(var z + ε).</summary>
    public float* InverseStd => first + stride;

    /// <summary>Mean of Rz over the minibatch.</summary>
    public float* TangentMean => first + (2 * stride);

    /// <summary>Mean of a product, m = mean(x̂ Rz).</summary>
    public float* TangentProductMean => first + (3 * stride);

    /// <summary>Mean of the gradient, A = mean g_a.</summary>
    public float* GradientMean => first + (4 * stride);

    /// <summary>Mean of a product, B = mean(g_a x̂).</summary>
    public float* GradientProductMean => first + (5 * stride);

    /// <summary>Tangent of A, RA = mean Rg_a.</summary>
    public float* GradientTangentMean => first + (6 * stride);

    /// <summary>Tangent of B, RB = mean(Rg_a x̂ + g_a Rx̂).</summary>
    public float* GradientTangentProductMean => first + (7 * stride);

    /// <summary>Factor of the backward pass, c = γ s.</summary>
    public float* Factor => first + (8 * stride);

    /// <summary>Tangent of that factor, Rc = s (Rγ − c m).</summary>
    public float* FactorTangent => first + (9 * stride);
}
