namespace LoptCluster.Engine.OuterTraining;

/// <summary>The series of an instrument that shows a figure's newest value. Dashboards and alerts depend on the names.</summary>
/// <param name="Instrument">Name of the instrument; several figures may share one and differ by their labels.</param>
/// <param name="Tag">Name of the label; null: none.</param>
/// <param name="Label">Value of the label.</param>
/// <param name="Description">Of the instrument, where that is not the figure's.</param>
public sealed record FigureGauge(string Instrument, string? Tag = null, string? Label = null, string? Description = null);
