using System.Text.Json;
using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>The figure of a hyper-parameter that a run trains: its value in its own unit, in the θ that an update made.</summary>
public static class HyperParameterFigure
{
    private static readonly Dictionary<string, UpdateFigure> ByName = OptimizerFamilies.All
        .SelectMany(f => f.Theta.HyperParameters)
        .DistinctBy(h => h.Name)
        .ToDictionary(h => NameOf(h), Create);

    /// <summary>All of them, of whatever family.</summary>
    public static IReadOnlyCollection<UpdateFigure> All => ByName.Values;

    public static UpdateFigure Of(HyperParameter parameter) => ByName[NameOf(parameter)];

    private static string NameOf(HyperParameter parameter) => $"hyper_{JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name)}";

    private static UpdateFigure Create(HyperParameter parameter) => new()
    {
        Name = NameOf(parameter),
        Title = parameter.Name,
        Description = $"Hyper-parameter {parameter.Name} of the optimizer that is trained, in the θ that the update made.",
        Kind = parameter.Transform == HyperParameterTransform.Log ? FigureKind.Magnitude : FigureKind.Quantity,
        Unit = parameter.Unit,
        Value = batch => batch.HyperParameter(parameter.Name),
        Gauge = new("lopt.hyper_parameter", "name", parameter.Name, "Hyper-parameter of the optimizer that is trained, in its own unit."),
        TensorBoardTag = $"hyper_parameter/{parameter.Name}",
    };
}
