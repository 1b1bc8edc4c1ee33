using System.Collections.Concurrent;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>A figure that each measured estimator has: a new estimator gets its own without an entry in the table.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class EstimatorFigure
{
    private readonly ConcurrentDictionary<EstimatorId, UpdateFigure> _figures = new();
    private readonly Func<EstimatorId, UpdateFigure> _create;

    /// <param name="value">The value, where the estimator was measured.</param>
    /// <param name="describe">The figure of an estimator, given its formula.</param>
    internal EstimatorFigure(Func<EstimatorFigures, double> value, Func<EstimatorId, Func<AppliedBatch, double>, UpdateFigure> describe) =>
        _create = estimator => describe(estimator, batch => batch[estimator] is { } figures ? value(figures) : double.NaN);

    public UpdateFigure this[EstimatorId estimator] => _figures.GetOrAdd(estimator, _create);
}
