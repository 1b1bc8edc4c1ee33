using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Report;

/// <summary>Figures of a row of the history by their entries in the table.</summary>
internal static class HistoryRowFigures
{
    /// <summary>A figure's value; NaN where it does not exist.</summary>
    public static double Figure(this HistoryRow row, UpdateFigure figure) =>
        row.Figures.TryGetValue(figure.Name, out double value) ? value : double.NaN;
}
