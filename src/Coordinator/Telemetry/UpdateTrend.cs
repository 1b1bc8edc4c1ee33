using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Coordinator.Telemetry;

/// <summary>Where outer-training is heading, from its updates. Owned by the run loop.</summary>
/// <param name="chanceLoss">Loss of a net that has learned nothing, nats; NaN where it is not known.</param>
internal sealed class UpdateTrend(double chanceLoss)
{
    /// <summary>
    /// Exponential average of the outer-loss over about 20 updates: smooth enough to show a trend within a minute of training.
    /// </summary>
    private const double AverageKeep = 0.95;

    /// <summary>Relative distance from chance below which nothing has been learned; batches of nets at chance differ by less.</summary>
    private const double ChanceTolerance = 0.01;

    /// <summary>Updates whose duration is averaged.</summary>
    private const int PaceUpdates = 10;

    /// <summary>Updates after which those before no longer show: of an average 0.95⁵⁰⁰, less than 1e-11, is left.</summary>
    public const int Memory = 500;

    private readonly Queue<double> _seconds = [];

    public double ChanceLoss => chanceLoss;

    /// <summary>Exponential average of the batches' outer-loss; NaN before the first.</summary>
    public double OuterLossAverage { get; private set; } = double.NaN;

    /// <summary>Updates in a row whose loss was that of chance.</summary>
    public int UpdatesAtChance { get; private set; }

    /// <summary>Training time at the newest update and seconds per update; null before there are two.</summary>
    public (double LastSeconds, double SecondsPerUpdate)? Pace =>
        _seconds.Count > 1 ? (_seconds.Last(), (_seconds.Last() - _seconds.Peek()) / (_seconds.Count - 1)) : null;

    public void Note(HistoryEntry update)
    {
        double loss = update[UpdateFigureTable.OuterLoss];
        OuterLossAverage = double.IsNaN(OuterLossAverage) ? loss : (AverageKeep * OuterLossAverage) + ((1 - AverageKeep) * loss);
        UpdatesAtChance = Math.Abs(loss - chanceLoss) < ChanceTolerance * chanceLoss ? UpdatesAtChance + 1 : 0;
        _seconds.Enqueue(update.Seconds);
        if (_seconds.Count > PaceUpdates + 1) _seconds.Dequeue();
    }
}
