using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>A family whose θ a run can train: its update has a vector-Jacobian product.</summary>
/// <remarks>To add one: a class, a line in <see cref="OptimizerFamilies"/>, a word in <see cref="OptimizerKind"/>.</remarks>
public interface IOuterTrainableFamily : IOptimizerFamily
{
    /// <summary>Value of the key <c>optimizer</c> that selects this family.</summary>
    OptimizerKind Kind { get; }

    /// <inheritdoc cref="IOptimizerFamily.Create"/>
    new IOuterTrainableOptimizer Create(ParameterLayout layout, UpdateSettings settings);

    IInnerOptimizer IOptimizerFamily.Create(ParameterLayout layout, UpdateSettings settings) => Create(layout, settings);

    /// <summary>θ of version 0 of a run with this seed.</summary>
    float[] InitialTheta(long seed)
    {
        float[] theta = new float[Theta.Length];
        var random = new RandomStream(seed, RandomPurpose.ThetaInitialization);
        InitializeTheta(ref random, theta);
        return theta;
    }

    /// <summary>A θ that leaves w where it is, if the family has one; otherwise the initial θ. For benchmarks.</summary>
    float[] StillTheta(long seed) => InitialTheta(seed);
}
