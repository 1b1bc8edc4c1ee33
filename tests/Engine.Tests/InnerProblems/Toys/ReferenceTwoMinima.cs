namespace LoptCluster.Engine.Tests.InnerProblems.Toys;

/// <summary>(w - 4)(w - 3) w², multiplied out: w⁴ - 7w³ + 12w².</summary>
internal sealed class ReferenceTwoMinima : IReferenceProblem
{
    public double LossAndGradient(double[] w, float[] x, int[] labels, double[] gradient)
    {
        double p = w[0];
        gradient[0] = (4 * p * p * p) - (21 * p * p) + (24 * p);
        return (p * p * p * p) - (7 * p * p * p) + (12 * p * p);
    }

    public double[] HessianVector(double[] w, double[] v, float[] x, int[] labels) => [((12 * w[0] * w[0]) - (42 * w[0]) + 24) * v[0]];
}
