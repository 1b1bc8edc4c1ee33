namespace LoptCluster.Engine.OuterTraining;

/// <summary>Scalars that describe gradients.</summary>
internal static class VectorFigures
{
    public static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));

    /// <summary>Cosine of the angle between two vectors; NaN if one of them is zero or not finite.</summary>
    /// <remarks>Each is scaled by its greatest element first, so that squares of an exploding g_rp do not overflow.</remarks>
    public static double Cosine(double[] a, double[] b)
    {
        double scaleA = a.Max(Math.Abs), scaleB = b.Max(Math.Abs), product = 0, squareA = 0, squareB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i] / scaleA, y = b[i] / scaleB;
            product += x * y;
            squareA += x * x;
            squareB += y * y;
        }

        return Math.Clamp(product / Math.Sqrt(squareA * squareB), -1, 1);
    }
}
