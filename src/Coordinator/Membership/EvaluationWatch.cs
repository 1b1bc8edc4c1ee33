using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Membership;

/// <summary>Gives evaluations that do not come to other workers: the choice of the best θ, and the end of the run, wait for them.</summary>
/// <remarks>
/// An evaluation may take <see cref="Patience"/> times as long as the longest that has come, as it was observed here, and
/// <see cref="LeastLimit"/> beyond, or <see cref="FirstLimit"/> where they differ in size; until one has come,
/// <see cref="FirstLimit"/>. Owned by the run loop; not thread-safe.
/// </remarks>
internal sealed class EvaluationWatch(EvaluationSchedule evaluations, TimeProvider time, ILogger<EvaluationWatch> log)
{
    /// <summary>The baseline is an evaluation for each of its learning rates.</summary>
    public const int Patience = 20;

    public static readonly TimeSpan LeastLimit = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan FirstLimit = TimeSpan.FromHours(4);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<EvaluationJob, (string Worker, long Since)> _watched = [];
    private long _lastLook;
    private TimeSpan? _longest;

    /// <param name="workers">The connected workers.</param>
    public void OnTick(IReadOnlyCollection<WorkerEntry> workers)
    {
        long now = time.GetTimestamp();
        if (_lastLook != 0 && time.GetElapsedTime(_lastLook, now) < Interval) return;
        _lastLook = now;
        foreach (var job in _watched.Keys.Where(job => job.Worker != _watched[job].Worker).ToList()) _watched.Remove(job);
        foreach (var job in evaluations.Jobs)
        {
            if (job.Worker is not { } name) continue;
            if (!_watched.TryGetValue(job, out var seen)) _watched[job] = (name, now);
            else if (time.GetElapsedTime(seen.Since, now) is var takes && takes > LimitOf(job)) TakeAway(job, takes, workers);
        }
    }

    /// <summary>The result of a job has come.</summary>
    public void OnResult(EvaluationJob job)
    {
        if (!_watched.Remove(job, out var seen)) return;
        var took = time.GetElapsedTime(seen.Since);
        if (_longest is null || took > _longest) _longest = took;
    }

    /// <summary>Evaluations waited for a reason that was not their workers'.</summary>
    public void Restart() => _watched.Clear();

    /// <summary>The longest that has come says little about one that is of another size.</summary>
    private TimeSpan LimitOf(EvaluationJob job) => _longest is { } longest
        ? (job.IsLikeOthers ? LeastLimit : FirstLimit) + (Patience * longest)
        : FirstLimit;

    private void TakeAway(EvaluationJob job, TimeSpan takes, IReadOnlyCollection<WorkerEntry> workers)
    {
        CoordinatorLog.EvaluationStands(log, job.Worker!, job.Subject, takes.TotalSeconds);
        if (workers.FirstOrDefault(w => w.Session.WorkerId == job.Worker) is { } worker) worker.Stalled = true;
        _watched.Remove(job);
        job.Refuse();
    }
}
