using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Web;

/// <summary>A figure of outer-updates as the page plots it.</summary>
/// <param name="Kind">"quantity", "share", "magnitude" or "count".</param>
internal sealed record FigureView(string Name, string Title, string Description, string Unit, string Kind)
{
    /// <summary>The figures that a run's history has.</summary>
    public static IReadOnlyList<FigureView> Of(RunSpecification specification) =>
    [
        .. UpdateFigureTable.Of(
                EstimatorRegistry.Find(specification.Estimator).Computed,
                OptimizerFamilies.Of(specification.Optimizer).Theta.HyperParameters)
            .Where(f => f.InHistory)
            .Select(f => new FigureView(f.Name, f.Title, f.Description, f.Unit, PageWords.Of(f.Kind))),
    ];
}
