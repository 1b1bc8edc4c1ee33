using System.Collections.Immutable;
using LoptCluster.Cli.Report;

namespace LoptCluster.Cli.Reproduction;

/// <summary>What a figure shows.</summary>
/// <param name="Table">Its data.</param>
/// <param name="Panels">Its plots, each with a line above it ("" for none).</param>
/// <param name="Findings">Numbers that judge the paper's claim.</param>
internal sealed record FigureData(
    CsvTable Table, ImmutableArray<(string Title, SvgPlot Plot)> Panels, ImmutableArray<Finding> Findings);
