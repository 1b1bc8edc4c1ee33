using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Coordinator.Web;

/// <summary>Which workers, in which order, and how many of them.</summary>
/// <param name="Search">Part of the id or the host; "" for all.</param>
/// <param name="State">"" for all.</param>
/// <param name="Sort">A column; anything else: lost ones first, then by id.</param>
internal sealed record WorkerQuery(string Search, string State, string Sort, bool Descending, int Offset, int Limit)
{
    public WorkersView Select(IEnumerable<WorkerStatus> workers)
    {
        var matching = workers.Where(w => State.Length == 0 || w.State == State)
            .Where(w => Search.Length == 0 || w.WorkerId.Contains(Search, StringComparison.OrdinalIgnoreCase)
                || w.Host.Contains(Search, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return new WorkersView(matching.Count, Offset, [.. Sorted(matching).Skip(Offset).Take(Limit).Select(WorkerView.Of)]);
    }

    private IEnumerable<WorkerStatus> Sorted(List<WorkerStatus> workers) => Sort switch
    {
        "worker" => By(workers, w => w.WorkerId, StringComparer.Ordinal),
        "host" => By(workers, w => w.Host, StringComparer.Ordinal),
        "state" => By(workers, w => w.State, StringComparer.Ordinal),
        "slots" => By(workers, w => w.Slots),
        "problems" => By(workers, w => w.Problems),
        "steps" => By(workers, w => w.InnerStepsPerSecond),
        "samples" => By(workers, w => w.Samples),
        "heard" => By(workers, w => w.SecondsSinceHeard),
        // What a person should see comes first.
        _ => workers.OrderBy(w => w.State != WorkerStates.Lost).ThenBy(w => w.WorkerId, StringComparer.Ordinal),
    };

    private IOrderedEnumerable<WorkerStatus> By<T>(List<WorkerStatus> workers, Func<WorkerStatus, T> key, IComparer<T>? comparer = null) =>
        (Descending ? workers.OrderByDescending(key, comparer) : workers.OrderBy(key, comparer))
            .ThenBy(w => w.WorkerId, StringComparer.Ordinal);
}
