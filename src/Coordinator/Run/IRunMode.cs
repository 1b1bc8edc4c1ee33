using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Run;

/// <summary>
/// How samples become batches: which problems are open, the θ that a sample must be computed at, and the order of a merge.
/// </summary>
/// <remarks>Stateless. A lane is a place in a batch: problem p belongs to lane p mod S.</remarks>
internal interface IRunMode
{
    /// <summary>Problems that are opened when a run begins, whether or not a worker has a slot for them.</summary>
    int FirstProblems { get; }

    /// <summary>Slots that the run can use at once.</summary>
    int MostSlots { get; }

    /// <summary>Whether new problems are opened as slots become free.</summary>
    bool OpensOnDemand { get; }

    /// <summary>Samples with g_rp that a batch waits for.</summary>
    int LeastRpSamples { get; }

    /// <summary>
    /// How long the evaluations of the last θ may delay the end of the run. Some minutes of one worker; longer means that it is lost.
    /// <see cref="TimeSpan.MaxValue"/>: they are the work of the run.
    /// </summary>
    TimeSpan LastEvaluations => TimeSpan.FromSeconds(120);

    /// <summary>The problem that takes the place of one that ended; null: none.</summary>
    long? SuccessorOf(long problemId);

    /// <summary>
    /// Whether a lane whose last sample was computed at <paramref name="laneVersion"/> (null: none yet) accepts one at
    /// <paramref name="thetaVersion"/>.
    /// </summary>
    bool Accepts(long thetaVersion, long? laneVersion);

    /// <summary>The θ version at which the first sample of an assignment is computed, at the earliest.</summary>
    long NotBeforeVersion(long? laneVersion);

    /// <summary>The samples of one update, given in order of arrival, in the order in which they are merged.</summary>
    IEnumerable<T> InMergeOrder<T>(IEnumerable<T> samples, Func<T, int> laneOf);

    static IRunMode Of(RunSpecification specification) => specification.Mode switch
    {
        RunMode.Synchronous => new SynchronousMode(specification.BatchSamples),
        RunMode.Asynchronous => new AsynchronousMode(specification.RpShare == RpSharePolicy.Adaptive ? RunSpecification.LeastRpSamples : 0),
        RunMode.Search or RunMode.Comparison => new EvaluationMode(),
        _ => throw new ArgumentOutOfRangeException(nameof(specification), specification.Mode, "There is no such run mode."),
    };
}
