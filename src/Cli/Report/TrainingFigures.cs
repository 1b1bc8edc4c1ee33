using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Report;

/// <summary>Outer-training in a few numbers: means over the first and the last tenth of the updates, and maxima.</summary>
internal sealed class TrainingFigures
{
    private readonly IReadOnlyList<HistoryRow> _history;
    private readonly int _tenth;

    public TrainingFigures(IReadOnlyList<HistoryRow> history)
    {
        _history = history;
        _tenth = Math.Max(1, history.Count / 10);
    }

    /// <summary>Mean over the first tenth; NaN if no update there has the figure.</summary>
    public double First(UpdateFigure figure) => Mean(_history.Take(_tenth), figure);

    /// <summary>Mean over the last tenth; NaN if no update there has the figure.</summary>
    public double Last(UpdateFigure figure) => Mean(_history.TakeLast(_tenth), figure);

    /// <summary>Greatest value of all updates; NaN if none has the figure.</summary>
    public double Maximum(UpdateFigure figure) => Known(_history, figure).DefaultIfEmpty(double.NaN).Max();

    private static double Mean(IEnumerable<HistoryRow> rows, UpdateFigure figure) =>
        Known(rows, figure).DefaultIfEmpty(double.NaN).Average();

    private static IEnumerable<double> Known(IEnumerable<HistoryRow> rows, UpdateFigure figure) =>
        rows.Select(row => row.Figure(figure)).Where(value => !double.IsNaN(value));
}
