namespace LoptCluster.Engine.OuterTraining;

/// <summary>One scalar that describes an outer-update: its formula, and everything that shows it needs to know.</summary>
/// <remarks>
/// History, wire, gauges, TensorBoard, summary.json, screen, page and docs go through <see cref="UpdateFigureTable"/>,
/// so a new figure is one entry there.
/// </remarks>
public sealed record UpdateFigure
{
    /// <summary>Name in run.db and on the wire: lower-case words joined by underscores.</summary>
    public required string Name { get; init; }

    /// <summary>Short title for people.</summary>
    public required string Title { get; init; }

    /// <summary>Meaning of the figure in one sentence.</summary>
    public required string Description { get; init; }

    public FigureKind Kind { get; init; } = FigureKind.Quantity;

    /// <summary>Unit of the value, or "" for a pure number.</summary>
    public string Unit { get; init; } = "";

    /// <summary>The figure of a batch; NaN where it does not exist.</summary>
    public required Func<AppliedBatch, double> Value { get; init; }

    /// <summary>False for figures that are gauges only: they are not stored and not sent.</summary>
    public bool InHistory { get; init; } = true;

    /// <summary>The gauge that shows the newest value; null: none.</summary>
    public FigureGauge? Gauge { get; init; }

    /// <summary>Tag of TensorBoard's scalar; null: none.</summary>
    public string? TensorBoardTag { get; init; }

    public FigureSummary Summary { get; init; } = FigureSummary.None;

    /// <summary>Name in the screen's line of further figures; null: not in that line.</summary>
    public string? ScreenName { get; init; }

    /// <summary>The page shows the range of the values that a point of a plot covers.</summary>
    public bool HasRange { get; init; }
}
