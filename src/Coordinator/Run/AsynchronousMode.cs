namespace LoptCluster.Coordinator.Run;

/// <summary>A batch is any S samples, in order of arrival, each at the θ that its worker had.</summary>
/// <param name="leastRpSamples">Samples with g_rp that a batch waits for, where only a share of them computes it.</param>
internal sealed class AsynchronousMode(int leastRpSamples) : IRunMode
{
    public int FirstProblems => 0;

    public int MostSlots => int.MaxValue;

    public bool OpensOnDemand => true;

    public int LeastRpSamples => leastRpSamples;

    public long? SuccessorOf(long problemId) => null;

    public bool Accepts(long thetaVersion, long? laneVersion) => true;

    public long NotBeforeVersion(long? laneVersion) => 0;

    public IEnumerable<T> InMergeOrder<T>(IEnumerable<T> samples, Func<T, int> laneOf) => samples;
}
