namespace LoptCluster.Coordinator.Run;

/// <summary>No samples and no batches: the workers only evaluate versions of θ, or compare one with baselines.</summary>
internal sealed class EvaluationMode : IRunMode
{
    public int FirstProblems => 0;

    public int MostSlots => int.MaxValue;

    public bool OpensOnDemand => false;

    public int LeastRpSamples => 0;

    /// <summary>They are the whole work of the run.</summary>
    public TimeSpan LastEvaluations => TimeSpan.MaxValue;

    public long? SuccessorOf(long problemId) => null;

    public bool Accepts(long thetaVersion, long? laneVersion) => false;

    public long NotBeforeVersion(long? laneVersion) => 0;

    public IEnumerable<T> InMergeOrder<T>(IEnumerable<T> samples, Func<T, int> laneOf) => samples;
}
