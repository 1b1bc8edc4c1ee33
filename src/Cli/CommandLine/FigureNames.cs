using System.Text.Json;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Names and values of an outer-update's figures for programs and people.</summary>
internal static class FigureNames
{
    /// <summary>Name in camel case: weight_es becomes weightEs.</summary>
    public static string CamelCase(UpdateFigure figure) => JsonNamingPolicy.CamelCase.ConvertName(PascalCase(figure));

    /// <summary>Name in Pascal case: weight_es becomes WeightEs.</summary>
    public static string PascalCase(UpdateFigure figure) =>
        string.Concat(figure.Name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    public static string Format(UpdateFigure figure, double? value) => (figure.Kind, value) switch
    {
        (FigureKind.Share, { } share) => DisplayFormat.Percent(share),
        (FigureKind.Count, { } count) => DisplayFormat.Count(count),
        _ => DisplayFormat.Number(value),
    };
}
