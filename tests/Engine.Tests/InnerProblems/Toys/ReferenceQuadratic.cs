namespace LoptCluster.Engine.Tests.InnerProblems.Toys;

/// <summary>½ (w - c)ᵀ A (w - c) in float64.</summary>
internal sealed class ReferenceQuadratic(float[] a, float[] c) : IReferenceProblem
{
    public double LossAndGradient(double[] w, float[] x, int[] labels, double[] gradient)
    {
        double[] difference = [.. w.Zip(c, (value, center) => value - center)];
        HessianVector(w, difference, x, labels).CopyTo(gradient, 0);
        return 0.5 * VectorAssert.Dot(difference, gradient);
    }

    public double[] HessianVector(double[] w, double[] v, float[] x, int[] labels) =>
        [.. Enumerable.Range(0, v.Length).Select(i => v.Select((value, j) => a[(i * v.Length) + j] * value).Sum())];
}
