using LoptCluster.Engine.OuterTraining;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Telemetry;

/// <summary>docs/METRICS.md against the table of figures. The table there is generated: a failure shows it as it should be.</summary>
public sealed class FigureDocumentTests
{
    private const string Heading = "## Figures of an outer-update";

    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs/METRICS.md"));

    [Fact]
    public void MetricsDocument_TableOfFigures_IsThatOfTheCode()
    {
        string expected = string.Join(
            '\n',
            [
                "| name | unit | TensorBoard | Prometheus | meaning |",
                "| --- | --- | --- | --- | --- |",
                .. UpdateFigureTable.All.Where(f => f.InHistory).Select(Row),
            ]);
        var section = Document.Split('\n').SkipWhile(l => l != Heading).Skip(1).TakeWhile(l => !l.StartsWith('#'));
        string found = string.Join('\n', section.Where(l => l.StartsWith('|')));
        Assert.True(expected == found, $"In docs/METRICS.md, '{Heading}' must have this table:\n{expected}");
    }

    [Fact]
    public void MetricsDocument_HasTheGaugeOfEachFigure() => Assert.All(
        UpdateFigureTable.All.Concat(HyperParameterFigure.All).Where(f => f.Gauge is not null).GroupBy(f => Prometheus(f.Gauge!)),
        gauge =>
        {
            var first = gauge.First();
            string label = first.Gauge!.Tag is { } tag ? $"`{tag}`" : "";
            Assert.Contains($"| `{gauge.Key}` | gauge | {label} | {first.Gauge.Description ?? first.Description} |", Document);
        });

    private static string Row(UpdateFigure figure) =>
        $"| `{figure.Name}` | {figure.Unit} | {Code(figure.TensorBoardTag)} "
        + $"| {Code(figure.Gauge is { } gauge ? Prometheus(gauge) : null)} | {figure.Description} |";

    private static string Code(string? name) => name is null ? "" : $"`{name}`";

    private static string Prometheus(FigureGauge gauge) => gauge.Instrument.Replace('.', '_');
}
