namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>
/// The seven base vectors of one tensor: g, w, and five momenta <see cref="Stride"/> floats apart. Padded to whole vectors.
/// </summary>
internal readonly unsafe struct MlpVectors(float* g, float* w, float* m, nint stride)
{
    public readonly float* G = g;
    public readonly float* W = w;
    public readonly float* M = m;
    public readonly nint Stride = stride;

    /// <summary>From the <paramref name="start"/>th parameter on.</summary>
    public MlpVectors From(int start) => new(G + start, W + start, M + start, Stride);
}

/// <summary>λ_lin and λ_exp of App. D.1.</summary>
internal readonly record struct MlpScales(float Step, float Exponent)
{
    /// <summary>Those of step t.</summary>
    public static MlpScales Of(UpdateSettings settings, long t) => new((float)settings.StepScaleAt(t), (float)settings.ExponentScale);
}
