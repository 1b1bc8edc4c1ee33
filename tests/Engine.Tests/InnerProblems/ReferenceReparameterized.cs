namespace LoptCluster.Engine.Tests.InnerProblems;

/// <summary>ℓ(s v) in float64, by the chain rule.</summary>
internal sealed class ReferenceReparameterized(IReferenceProblem problem, double[] scales) : IReferenceProblem
{
    public double LossAndGradient(double[] w, float[] x, int[] labels, double[] gradient)
    {
        double loss = problem.LossAndGradient(Scaled(w), x, labels, gradient);
        Scaled(gradient).CopyTo(gradient, 0);
        return loss;
    }

    public double[] HessianVector(double[] w, double[] v, float[] x, int[] labels) =>
        Scaled(problem.HessianVector(Scaled(w), Scaled(v), x, labels));

    private double[] Scaled(double[] values) => [.. values.Zip(scales, (value, scale) => value * scale)];
}
