using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Membership;

/// <summary>
/// Takes problems away from workers that do not move them: heartbeats prove a connection, samples prove work, and a synchronous run waits
/// for each of its lanes.
/// </summary>
/// <remarks>
/// A problem may stand for <see cref="Patience"/> times the time that samples of this fleet have taken, as it was observed here, and for
/// <see cref="LeastLimit"/> beyond; until there is such a time, for <see cref="FirstLimit"/>. Owned by the run loop; not thread-safe.
/// </remarks>
internal sealed class LaneWatch(
    ProblemLedger ledger, EvaluationSchedule evaluations, IRunMode mode, Outbox outbox, TimeProvider time, ILogger<LaneWatch> log)
{
    public const int Patience = 50;

    public static readonly TimeSpan LeastLimit = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan FirstLimit = TimeSpan.FromHours(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<long, Watched> _watched = [];
    private long _lastLook;
    private TimeSpan? _usual;

    /// <param name="workers">The connected workers.</param>
    /// <param name="version">Version of the newest θ.</param>
    /// <param name="holds">No truncation may begin now.</param>
    public void OnTick(IReadOnlyCollection<WorkerEntry> workers, long version, bool holds)
    {
        long now = time.GetTimestamp();
        if (_lastLook != 0 && time.GetElapsedTime(_lastLook, now) < Interval) return;
        _lastLook = now;
        if (holds)
        {
            _watched.Clear();
            return;
        }

        var byId = workers.ToDictionary(w => w.Session.WorkerId);
        var evaluating = evaluations.Jobs.Select(j => j.Worker).OfType<string>().ToHashSet();
        foreach (long gone in _watched.Keys.Where(id => ledger.Find(id) is null).ToList()) _watched.Remove(gone);
        foreach (var problem in ledger.Open)
        {
            if (problem.Owner is not { } owner || !byId.TryGetValue(owner, out var worker)) _watched.Remove(problem.Id);
            else Look(problem, worker, now, !evaluating.Contains(owner) && mode.NotBeforeVersion(problem.LaneVersion) <= version);
        }
    }

    /// <summary>Problems stood for a reason that was not their workers'.</summary>
    public void Restart() => _watched.Clear();

    /// <param name="problem">A problem that a connected worker has.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="now">Timestamp.</param>
    /// <param name="isDue">Nothing but the worker keeps it from moving.</param>
    private void Look(OpenProblem problem, WorkerEntry worker, long now, bool isDue)
    {
        if (!_watched.TryGetValue(problem.Id, out var seen) || seen.Owner != problem.Owner)
        {
            _watched[problem.Id] = new(problem.Owner!, problem.NextTruncation, now, Recomputes: problem.NextTruncation);
            return;
        }

        var stands = time.GetElapsedTime(seen.Since, now);
        if (seen.Truncation != problem.NextTruncation)
        {
            _usual = _usual is { } usual ? (0.95 * usual) + (0.05 * stands) : stands;
            _watched[problem.Id] = seen with { Truncation = problem.NextTruncation, Since = now, Recomputes = 0 };
            return;
        }

        if (!isDue)
        {
            _watched[problem.Id] = seen with { Since = now };
            return;
        }

        // Before its first sample it computes once more what a lost worker had done.
        var limit = _usual is { } of ? LeastLimit + (of * Patience * (1 + seen.Recomputes)) : FirstLimit * (1 + seen.Recomputes);
        if (stands <= limit) return;
        CoordinatorLog.ProblemStands(log, worker.Session.WorkerId, problem.Id, stands.TotalSeconds);
        worker.Stalled = true;
        problem.Release();
        outbox.Enqueue(worker.Session, new ProblemRevoked(problem.Id));
        _watched.Remove(problem.Id);
    }

    private readonly record struct Watched(string Owner, int Truncation, long Since, int Recomputes);
}
