using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Optimizers.Search;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>u(·; θ) and its θ as a run's specification selects them.</summary>
public static class OptimizerFactory
{
    public static IOuterTrainableOptimizer Create(RunSpecification specification, ParameterLayout layout) =>
        OptimizerFamilies.Of(specification.Optimizer).Create(layout, UpdateSettings.Of(specification));

    /// <summary>The update of one problem.</summary>
    public static IOuterTrainableOptimizer Create(ProblemSetting setting, ParameterLayout layout) =>
        OptimizerFamilies.Of(setting.Specification.Optimizer).Create(layout, UpdateSettings.Of(setting));

    /// <summary>The search space of a run's optimizer, for the longest of its trainings.</summary>
    /// <exception cref="ArgumentException">The optimizer has no hyper-parameters.</exception>
    public static SearchSpace SearchSpace(RunSpecification specification) =>
        SearchSpaces.Of(OptimizerFamilies.Of(specification.Optimizer), specification.LongestInnerSteps());

    /// <summary>θ of version 0, by the run's seed.</summary>
    public static float[] InitialTheta(RunSpecification specification) =>
        OptimizerFamilies.Of(specification.Optimizer).InitialTheta(specification.Seed);
}
