using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Coordinator.Store;

/// <summary>One outer-update, for people and plots.</summary>
/// <param name="Seconds">Training time at its end, all starts together.</param>
/// <param name="Figures">The figures that are stored and sent.</param>
internal sealed record HistoryEntry(double Seconds, UpdateFigures Figures)
{
    public long OuterUpdate => Figures.OuterUpdate;

    /// <summary>A figure's value; NaN where it does not exist.</summary>
    public double this[UpdateFigure figure] => Figures[figure];
}
