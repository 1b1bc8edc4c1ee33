using System.Collections.Immutable;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Web;

/// <summary>The named parts of a θ: its tensors, and the values of its hyper-parameters if it has any.</summary>
internal sealed record ThetaPartsView(
    string Optimizer, long Version, IReadOnlyList<ThetaTensorView> Tensors, IReadOnlyList<HyperParameterView> HyperParameters)
{
    public static ThetaPartsView Of(OptimizerKind optimizer, ThetaSnapshot theta)
    {
        var family = OptimizerFamilies.Of(optimizer);
        var layout = family.Theta;
        var values = layout.HyperParameters.Zip(layout.Values(theta.Values.Span));
        return new(
            family.Title,
            theta.Version,
            [.. layout.Tensors.Select(t => new ThetaTensorView(t.Name, t.Shape))],
            [.. values.Select(v => new HyperParameterView(v.First.Name, v.Second, v.First.Unit))]);
    }

    /// <summary>
    /// The best configuration of a search, by the figures of its status; null: the run is no search, or there is none yet.
    /// </summary>
    public static ThetaPartsView? OfBest(RunSpecification specification, Status status)
    {
        if (specification.Mode != RunMode.Search || status.BestVersion < 0) return null;
        var family = OptimizerFamilies.Of(specification.Optimizer);
        var values = family.Theta.HyperParameters.Select(h => (Parameter: h, Value: status.Figures[HyperParameterFigure.Of(h).Name]));
        return new(
            family.Title,
            status.BestVersion,
            [],
            [.. values.Select(v => new HyperParameterView(v.Parameter.Name, v.Value, v.Parameter.Unit))]);
    }
}

internal sealed record ThetaTensorView(string Name, ImmutableArray<int> Shape);

/// <param name="Value">Value in its own unit, not as θ holds it.</param>
internal sealed record HyperParameterView(string Name, double Value, string Unit);
