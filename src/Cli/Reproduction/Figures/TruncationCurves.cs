using LoptCluster.Cli.Report;
using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Reproduction.Figures;

/// <summary>A quantity over outer-training, for each truncation length; medians and quartiles over seeds.</summary>
/// <param name="trained">Table of <see cref="TruncationStudy.Trained"/>.</param>
/// <param name="quantity">Its column that is shown.</param>
internal sealed class TruncationCurves(CsvTable trained, string quantity)
{
    /// <summary>Inner-trainings at the end that a finding averages over.</summary>
    private const int LastTrainings = 5;

    /// <summary>Points of each truncation length.</summary>
    public IReadOnlyList<(int Truncation, IReadOnlyList<(double Training, Quartiles Q)> Points)> All { get; } =
    [
        .. trained.Rows.GroupBy(row => row.Count("truncation")).Select(k => (k.Key, (IReadOnlyList<(double, Quartiles)>)
        [
            .. k.GroupBy(row => row.Count("training"))
                .Select(training => ((double)training.Key, Quartiles.Of(training.Select(row => row.Number(quantity))))),
        ])),
    ];

    /// <summary>The last inner-trainings of each truncation length.</summary>
    public IEnumerable<Finding> Ends => trained.Rows.GroupBy(row => row.Count("truncation")).Select(k => Finding.Over(
        $"{quantity} of the last {LastTrainings} inner-trainings at k = {k.Key}",
        k.GroupBy(row => row.Count("seed")).Select(seed => seed.TakeLast(LastTrainings).Average(row => row.Number(quantity)))));

    /// <summary>Draws the curves, and adds their points to a table, in columns truncation, training, median, lower and upper.</summary>
    /// <param name="plot">Plot to draw in.</param>
    /// <param name="table">Table to add to.</param>
    /// <param name="lead">Cells of the columns before these.</param>
    public void Draw(SvgPlot plot, CsvTable table, params object[] lead)
    {
        foreach (var ((k, points), i) in All.Select((curve, i) => (curve, i)))
        {
            foreach (var (training, q) in points) table.Add([.. lead, k, (int)training, q.Median, q.Lower, q.Upper]);
            var style = PlotStyle.OfBaseline(i);
            plot.Band(style.Color, points.Select(p => (p.Training, p.Q.Lower, p.Q.Upper)))
                .Line($"k = {k}", style, points.Select(p => (p.Training, p.Q.Median)));
        }
    }
}
