using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Instruments;
using LoptCluster.Worker.Reports;

namespace LoptCluster.Worker.Unrolling;

/// <summary>What every slot is doing, and how much work they have done.</summary>
/// <remarks>Thread-safe: each slot writes its own entry, and every thread may read.</remarks>
internal sealed class SlotBoard(int slots)
{
    private readonly SlotActivity[] _activities = [.. Enumerable.Range(0, slots).Select(Waiting)];
    private readonly InnerStepCounter[] _innerSteps = [.. Enumerable.Range(0, slots).Select(_ => new InnerStepCounter())];

    /// <summary>
    /// Inner-steps since the start of the process: of samples, both sides of each pair, when each is complete; of evaluations and
    /// comparisons one by one.
    /// </summary>
    public long InnerSteps => _innerSteps.Sum(s => s.Count);

    public IReadOnlyList<SlotActivity> Activities => [.. _activities];

    /// <summary>Number of slots per activity, with every activity of a slot among the keys.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            var counts = Activities.CountBy(a => a.Activity).ToDictionary();
            return WorkerActivities.All.Where(a => a != WorkerActivities.Joining).ToDictionary(a => a, a => counts.GetValueOrDefault(a));
        }
    }

    public void Show(SlotActivity activity) => Volatile.Write(ref _activities[activity.Slot], activity);

    public void ShowWaiting(int slot) => Show(Waiting(slot));

    /// <summary>Counter of one slot, which its thread alone adds to.</summary>
    public InnerStepCounter InnerStepsOf(int slot) => _innerSteps[slot];

    private static SlotActivity Waiting(int slot) => new(slot, WorkerActivities.Waiting);
}
