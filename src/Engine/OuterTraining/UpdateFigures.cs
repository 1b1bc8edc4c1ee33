namespace LoptCluster.Engine.OuterTraining;

/// <summary>One outer-update in figures.</summary>
/// <param name="OuterUpdate">Version of the θ that the update made.</param>
/// <param name="Values">
/// The figures that exist, by name (<see cref="UpdateFigureTable"/>); never NaN, possibly infinite. Not modified afterwards.
/// </param>
public sealed record UpdateFigures(long OuterUpdate, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>A version of θ that no batch led to.</summary>
    public static UpdateFigures None(long outerUpdate) => new(outerUpdate, new Dictionary<string, double>());

    /// <summary>Computes every figure of the table that exists for a batch.</summary>
    public static UpdateFigures Of(AppliedBatch batch)
    {
        var values = new Dictionary<string, double>();
        foreach (var figure in UpdateFigureTable.Of(
            batch.Merged.Estimators.Select(e => e.Statistics.Estimator), batch.Options.HyperParameters))
        {
            double value = figure.Value(batch);
            if (!double.IsNaN(value)) values.Add(figure.Name, value);
        }

        return new UpdateFigures(batch.Theta.Version + 1, values);
    }

    /// <summary>A figure's value; NaN where it does not exist.</summary>
    public double this[UpdateFigure figure] => Values.GetValueOrDefault(figure.Name, double.NaN);

    /// <summary>The figures that are stored and sent.</summary>
    public UpdateFigures Recorded() => this with
    {
        Values = Values.Where(v => UpdateFigureTable.Find(v.Key) is not { InHistory: false }).ToDictionary(),
    };
}
