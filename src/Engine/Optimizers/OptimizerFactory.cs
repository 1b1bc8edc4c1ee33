using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>u(·; θ) and its θ as a run's specification selects them.</summary>
public static class OptimizerFactory
{
    public static IOuterTrainableOptimizer Create(RunSpecification specification, ParameterLayout layout) =>
        OptimizerFamilies.Of(specification.Optimizer).Create(layout, UpdateSettings.Of(specification));

    /// <summary>θ of version 0, by the run's seed.</summary>
    public static float[] InitialTheta(RunSpecification specification) =>
        OptimizerFamilies.Of(specification.Optimizer).InitialTheta(specification.Seed);
}
