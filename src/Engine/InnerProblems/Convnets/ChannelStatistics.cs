namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>A layer's numbers by channel, as <see cref="BatchNormalization"/> names them; [stride] floats each.</summary>
internal readonly unsafe struct ChannelStatistics(float* first, int stride)
{
    public const int Vectors = 10;

    /// <summary>mean z.</summary>
    public float* Mean => first;

    /// <summary>s.</summary>
    public float* InverseStd => first + stride;

    /// <summary>mean Rz.</summary>
    public float* TangentMean => first + (2 * stride);

    /// <summary>m = mean(x̂ Rz).</summary>
    public float* TangentProductMean => first + (3 * stride);

    /// <summary>A.</summary>
    public float* GradientMean => first + (4 * stride);

    /// <summary>B.</summary>
    public float* GradientProductMean => first + (5 * stride);

    /// <summary>RA.</summary>
    public float* GradientTangentMean => first + (6 * stride);

    /// <summary>RB.</summary>
    public float* GradientTangentProductMean => first + (7 * stride);

    /// <summary>c.</summary>
    public float* Factor => first + (8 * stride);

    /// <summary>Rc.</summary>
    public float* FactorTangent => first + (9 * stride);
}
