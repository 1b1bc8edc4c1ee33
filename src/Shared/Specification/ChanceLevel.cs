namespace LoptCluster.Shared.Specification;

/// <summary>The loss at which inner-training has learned nothing: a property of the kind of inner-problem.</summary>
public static class ChanceLevel
{
    /// <summary>
    /// ln(classes) nats, the cross-entropy of a uniform guess, for the built-in classifiers; NaN where it is not known: a quadratic has no
    /// classes, a torch module brings its own loss, and the problems of a mixture may differ in it.
    /// </summary>
    public static double ChanceLoss(this RunSpecification run)
    {
        double[] levels = [.. new TaskMixture(run).Corners().Select(c => OfOne(c.Specification)).Distinct()];
        return levels.Length == 1 ? levels[0] : double.NaN;
    }

    private static double OfOne(RunSpecification specification) =>
        specification.InnerProblem.IsClassifier() ? Math.Log(specification.TaskClasses) : double.NaN;

    /// <summary>True for the inner-problems that learn from images.</summary>
    public static bool IsClassifier(this InnerProblemKind kind) => kind is not (InnerProblemKind.Quadratic or InnerProblemKind.Torch);
}
