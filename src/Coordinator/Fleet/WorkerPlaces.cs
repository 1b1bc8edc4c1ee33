using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Sessions;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>The workers of the fleet and the run of each: who comes is given a run, and who is needed elsewhere is moved.</summary>
/// <remarks>Thread-safe: one lock, held for moments.</remarks>
internal sealed class WorkerPlaces(RunHosts runs, TimeProvider time, ILogger<WorkerPlaces> log)
{
    /// <summary>A worker that was sent away returns within seconds; one that stays away longer is lost.</summary>
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<WorkerPlace> _places = [];
    private readonly Dictionary<string, Returning> _returning = [];

    /// <summary>No worker is connected, and none is about to return.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                ForgetLost();
                return _places.Count == 0 && _returning.Count == 0;
            }
        }
    }

    /// <summary>The run of a worker that has come. One whose connection broke goes back to the run that it belongs to.</summary>
    /// <returns>Null: no run of this process can take it.</returns>
    public WorkerPlace? Join(WorkerSession session)
    {
        lock (_gate)
        {
            _returning.Remove(session.WorkerId, out var returning);
            var run = session.Hello.RunId.Length > 0 && runs.IsStudy
                ? runs.WithId(session.Hello.RunId)
                : returning?.To is { Need.IsOver: false } to ? to : Choose(session);
            if (run is null) return null;
            var place = new WorkerPlace(run, session);
            _places.Add(place);
            if (runs.IsStudy) FleetLog.Given(log, session.WorkerId, run.Name);
            return place;
        }
    }

    /// <summary>The worker's connection has ended.</summary>
    public void Leave(WorkerPlace place)
    {
        lock (_gate)
        {
            _places.Remove(place);
            if (place.Session.ComesBack)
                _returning[place.Session.WorkerId] = new Returning(place.MovesTo, place.Session.Slots, time.GetUtcNow() + ReturnLimit);
        }
    }

    /// <summary>Moves workers to runs that need them more.</summary>
    public void Balance()
    {
        lock (_gate)
        {
            ForgetLost();
            var open = Candidates();
            if (open.Length < 2) return;
            foreach (var (worker, to) in Allotment.Moves(Usable(open), Workers(open)))
            {
                var place = _places.Last(p => p.Session.WorkerId == worker);
                var moved = new WorkerMoved(place.Session, $"run '{open[to].Name}' needs it more than '{place.Run.Name}'");
                // A full queue or one that has ended: the next round sees where things stand.
                if (!place.Run.Get<RunQueue>().Writer.TryWrite(moved)) continue;
                place.MovesTo = open[to];
                FleetLog.Moved(log, worker, place.Run.Name, open[to].Name);
            }
        }
    }

    private RunHost? Choose(WorkerSession session)
    {
        var open = Candidates();
        return open.Length == 0
            ? runs.Open.FirstOrDefault(r => !r.HasEnded) ?? runs.Open.FirstOrDefault()
            : open[Allotment.Choose(Usable(open), Workers(open), session.Slots)];
    }

    private RunHost[] Candidates() => [.. runs.Open.Where(r => !r.Need.IsOver)];

    private static int[] Usable(RunHost[] open) => [.. open.Select(r => r.Need.Slots)];

    /// <summary>The workers of these runs and those on their way to them.</summary>
    private List<AllottedWorker> Workers(RunHost[] open)
    {
        var workers = new List<AllottedWorker>();
        foreach (var place in _places)
        {
            bool isSettled = place.MovesTo is null && !place.Session.ComesBack;
            Add(place.Session.WorkerId, place.Session.Slots, place.MovesTo ?? place.Run, isSettled);
        }

        foreach (var (id, returning) in _returning)
        {
            if (returning.To is { } to) Add(id, returning.Slots, to, isSettled: false);
        }

        return workers;

        void Add(string id, int slots, RunHost run, bool isSettled)
        {
            int number = Array.IndexOf(open, run);
            if (number >= 0) workers.Add(new AllottedWorker(id, slots, number, isSettled));
        }
    }

    private void ForgetLost()
    {
        var now = time.GetUtcNow();
        foreach (string id in _returning.Where(r => r.Value.Until <= now).Select(r => r.Key).ToList()) _returning.Remove(id);
    }

    /// <summary>A worker that was sent away and is to come back.</summary>
    private sealed record Returning(RunHost? To, int Slots, DateTimeOffset Until);
}
