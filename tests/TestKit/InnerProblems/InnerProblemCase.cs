using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.TestKit.InnerProblems;

/// <summary>An instance of an inner-problem, the data it is tested on, and the errors that its float32 may make.</summary>
/// <param name="Name">Names the case among those of its problem.</param>
/// <param name="Create">Makes the problem with room for the given number of examples; a problem without data ignores it.</param>
public sealed record InnerProblemCase(string Name, Func<int, IInnerProblem> Create)
{
    /// <summary>Relative L2 error that float32 may make against float64: some tens of roundings.</summary>
    public const double Float32 = 5e-6;

    /// <summary>Examples of the minibatch; 0: the problem has no data.</summary>
    public int Examples { get; init; }

    /// <summary>Classes of the labels. With one class the gradient is zero.</summary>
    public int Classes { get; init; } = 1;

    /// <summary>Standard deviation of normally distributed parameters.</summary>
    public double ParameterStd { get; init; } = 0.3;

    /// <summary>Parameters for a layout and a seed, where a normal distribution does not do.</summary>
    public Func<ParameterLayout, int, float[]>? Parameters { get; init; }

    /// <summary>
    /// The same problem in float64; null: gradient and product are compared to finite differences, as a smooth problem's can be.
    /// </summary>
    public IReferenceProblem? Reference { get; init; }

    /// <summary>Relative error of loss and gradient against the reference.</summary>
    public double GradientTolerance { get; init; } = Float32;

    /// <summary>Relative error of the Hessian-vector product against the reference.</summary>
    public double ProductTolerance { get; init; } = Float32;

    /// <summary>Error of symmetry and linearity, relative to the norms of what is compared.</summary>
    public double SymmetryTolerance { get; init; } = 2 * Float32;

    /// <summary>Whether parameters of 3e38 overflow. They do not where the loss is computed in double.</summary>
    public bool OverflowsInFloat32 { get; init; } = true;

    /// <summary>Whether a label that is no class is refused as an argument. Torch modules refuse it as their loss does.</summary>
    public bool ChecksLabels { get; init; } = true;

    /// <summary>Whether the outputs do not depend on the labels. Those of dropout do, since the minibatch seeds its mask.</summary>
    public bool OutputsIgnoreLabels { get; init; } = true;

    /// <summary>Bytes on the managed heap that a loss, a gradient and a product together may allocate.</summary>
    public long MostAllocatedBytes { get; init; }
}
