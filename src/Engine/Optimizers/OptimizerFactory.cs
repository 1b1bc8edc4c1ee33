using LoptCluster.Engine.Optimizers.HandDesigned;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>u(·; θ) as a run's specification names it.</summary>
public static class OptimizerFactory
{
    public static ILearnedOptimizer Create(RunSpecification specification, ParameterLayout layout) => specification.Optimizer switch
    {
        OptimizerKind.Sgd => new SgdOptimizer(layout),
        OptimizerKind.Momentum => new MomentumOptimizer(layout),
        OptimizerKind.Adam => new AdamOptimizer(layout),
        _ => new MlpOptimizer(MlpForm.Of(specification.Optimizer), layout, specification.StepScale, specification.ExponentScale),
    };

    /// <summary>|θ|: decided by the kind alone.</summary>
    public static int ThetaLength(RunSpecification specification)
    {
        using var optimizer = WithoutProblem(specification);
        return optimizer.ThetaLength;
    }

    /// <summary>θ of version 0, by the run's seed.</summary>
    public static float[] InitialTheta(RunSpecification specification)
    {
        using var optimizer = WithoutProblem(specification);
        float[] theta = new float[optimizer.ThetaLength];
        var random = new RandomStream(specification.Seed, RandomPurpose.ThetaInitialization);
        optimizer.InitializeTheta(ref random, theta);
        return theta;
    }

    private static ILearnedOptimizer WithoutProblem(RunSpecification specification) => Create(specification, new ParameterLayout(("none", [1])));

    /// <summary>θ at which the MLP optimizers leave w where it is: the initial one with a second layer of zeros. Of other optimizers the initial one.</summary>
    public static float[] StillTheta(RunSpecification specification)
    {
        float[] theta = InitialTheta(specification);
        if (specification.Optimizer is OptimizerKind.Mlp16 or OptimizerKind.Mlp31) theta.AsSpan(MlpForm.Of(specification.Optimizer).Weights2).Clear();
        return theta;
    }
}
