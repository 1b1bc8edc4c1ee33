namespace LoptCluster.Coordinator.Run;

/// <summary>
/// A batch is one sample of each of S lanes, all at the newest θ and merged in lane order, so that the result depends neither on the number
/// of workers nor on the order of arrival.
/// </summary>
/// <param name="lanes">S.</param>
internal sealed class SynchronousMode(int lanes) : IRunMode
{
    public int FirstProblems => lanes;

    public int MostSlots => lanes;

    public bool OpensOnDemand => false;

    /// <summary>None: exactly the drawn number of lanes computes g_rp.</summary>
    public int LeastRpSamples => 0;

    /// <summary>The best θ must not depend on how fast evaluations come.</summary>
    public TimeSpan LastEvaluations => TimeSpan.FromHours(1);

    public long? SuccessorOf(long problemId) => problemId + lanes;

    public bool Accepts(long thetaVersion, long? laneVersion) => thetaVersion == NotBeforeVersion(laneVersion);

    public long NotBeforeVersion(long? laneVersion) => laneVersion + 1 ?? 0;

    public IEnumerable<T> InMergeOrder<T>(IEnumerable<T> samples, Func<T, int> laneOf) => samples.OrderBy(laneOf);
}
