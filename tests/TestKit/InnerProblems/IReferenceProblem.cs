namespace LoptCluster.TestKit.InnerProblems;

/// <summary>An inner-problem in float64, written as plainly as it can be. Its parameter vectors are compact.</summary>
public interface IReferenceProblem
{
    /// <summary>ℓ and ∇ℓ; <paramref name="gradient"/> is overwritten.</summary>
    double LossAndGradient(double[] w, float[] x, int[] labels, double[] gradient);

    /// <summary>∇²ℓ(w) v by a formula, or by differences of the gradient with a step that no kink is within.</summary>
    double[] HessianVector(double[] w, double[] v, float[] x, int[] labels);
}
