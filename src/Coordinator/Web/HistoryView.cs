namespace LoptCluster.Coordinator.Web;

/// <summary>Points of the history, a column each, oldest first. A point carries the number of the last update that it covers.</summary>
/// <param name="Stride">Updates that a point covers.</param>
/// <param name="From">Number of the first point; those before it have not changed since they were sent.</param>
/// <param name="Update">The last update that a point covers.</param>
/// <param name="Seconds">Training time at its end.</param>
/// <param name="Figures">By name, and "name.low" and "name.high" of figures with a range. NaN where a figure does not exist.</param>
internal sealed record HistoryView(int Stride, int From, long[] Update, double[] Seconds, IReadOnlyDictionary<string, double[]> Figures);
