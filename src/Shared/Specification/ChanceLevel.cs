namespace LoptCluster.Shared.Specification;

/// <summary>The loss at which inner-training has learned nothing: a property of the kind of inner-problem.</summary>
public static class ChanceLevel
{
    /// <summary>
    /// ln(classes) nats, the cross-entropy of a uniform guess, for the built-in classifiers; NaN where it is not known: a quadratic has no
    /// classes, and a torch module brings its own loss.
    /// </summary>
    public static double ChanceLoss(this RunSpecification specification) =>
        specification.InnerProblem.IsClassifier() ? Math.Log(specification.TaskClasses) : double.NaN;

    private static bool IsClassifier(this InnerProblemKind kind) => kind is not (InnerProblemKind.Quadratic or InnerProblemKind.Torch);
}
