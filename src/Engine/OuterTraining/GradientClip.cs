namespace LoptCluster.Engine.OuterTraining;

/// <summary>What the outer-optimizer gets of a merged gradient.</summary>
public static class GradientClip
{
    /// <summary>Each element cut to ± <paramref name="clip"/>; one that is not finite becomes 0 and moves nothing.</summary>
    /// <param name="gradient">Of the outer-loss, |θ| elements; not changed.</param>
    /// <param name="clip">Limit of each element; 0: none.</param>
    public static double[] Apply(ReadOnlySpan<double> gradient, double clip)
    {
        double[] clipped = new double[gradient.Length];
        for (int i = 0; i < clipped.Length; i++)
        {
            double g = double.IsFinite(gradient[i]) ? gradient[i] : 0;
            clipped[i] = clip > 0 ? Math.Clamp(g, -clip, clip) : g;
        }

        return clipped;
    }
}
