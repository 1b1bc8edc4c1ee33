namespace LoptCluster.Coordinator.Fleet;

/// <summary>
/// Which run of a shared fleet gets a worker. A run's target is an equal part of all slots, as far as it can use them; a worker is given to
/// the run that lacks most, and moved if that brings the runs closer to their targets. No run with work goes without a worker while another
/// has two.
/// </summary>
/// <remarks>Pure functions. Runs are numbered in the order of the study, which decides between equals.</remarks>
internal static class Allotment
{
    private const double Rounding = 1e-9;

    /// <summary>Slots that each run should have. What a run cannot use goes to the others.</summary>
    /// <param name="usable">Slots that each run can use at once; 0: it has no work.</param>
    /// <param name="slots">Slots of the fleet.</param>
    public static double[] Targets(IReadOnlyList<int> usable, int slots)
    {
        double[] targets = new double[usable.Count];
        double left = slots;
        int others = usable.Count;
        foreach (int run in Enumerable.Range(0, usable.Count).OrderBy(r => usable[r]))
        {
            targets[run] = Math.Min(usable[run], left / others--);
            left -= targets[run];
        }

        return targets;
    }

    /// <summary>The run for a worker that has come.</summary>
    /// <param name="usable">Slots that each run can use at once; 0: it has no work now.</param>
    /// <param name="workers">The other workers.</param>
    /// <param name="slots">Slots of this one.</param>
    public static int Choose(IReadOnlyList<int> usable, IReadOnlyList<AllottedWorker> workers, int slots)
    {
        double[] targets = Targets(usable, workers.Sum(w => w.Slots) + slots);
        int[] held = Held(usable.Count, workers);
        return Enumerable.Range(0, usable.Count)
            .OrderByDescending(r => usable[r] > 0 && held[r] == 0)
            .ThenByDescending(r => targets[r] - held[r])
            .ThenBy(r => held[r])
            .First();
    }

    /// <summary>Workers to move, and the runs that they are moved to; none where no move brings the runs closer to their targets.</summary>
    public static IReadOnlyList<(string Worker, int To)> Moves(IReadOnlyList<int> usable, IReadOnlyList<AllottedWorker> workers)
    {
        var placed = workers.ToArray();
        double[] targets = Targets(usable, workers.Sum(w => w.Slots));
        var moves = new List<(string, int)>();
        while ((ForRunWithoutWorker(usable, targets, placed) ?? ForBalance(usable, targets, placed)) is { } move)
        {
            ref var worker = ref placed[move.Worker];
            moves.Add((worker.Id, move.To));
            worker = worker with { Run = move.To, IsSettled = false };
        }

        return moves;
    }

    /// <summary>A worker for a run that has work and no worker: the smallest one of the run that is furthest above its target.</summary>
    private static (int Worker, int To)? ForRunWithoutWorker(IReadOnlyList<int> usable, double[] targets, AllottedWorker[] workers)
    {
        int[] held = Held(usable.Count, workers);
        int to = Enumerable.Range(0, usable.Count).FirstOrDefault(r => usable[r] > 0 && held[r] == 0, -1);
        if (to < 0) return null;
        int[] givers = [.. Givers(usable, workers).OrderBy(w => targets[workers[w].Run] - held[workers[w].Run])
            .ThenBy(w => workers[w].Slots)];
        return givers.Length > 0 ? (givers[0], to) : null;
    }

    /// <summary>The move that most reduces the sum over the runs of the squared distances from their targets.</summary>
    private static (int Worker, int To)? ForBalance(IReadOnlyList<int> usable, double[] targets, AllottedWorker[] workers)
    {
        int[] held = Held(usable.Count, workers);
        int to = Enumerable.Range(0, usable.Count).MaxBy(r => targets[r] - held[r]);
        double lack = targets[to] - held[to];
        if (lack <= Rounding) return null;
        int[] givers = [.. Givers(usable, workers).OrderByDescending(Gain)];
        return givers.Length > 0 && Gain(givers[0]) > Rounding ? (givers[0], to) : null;

        // Half the reduction: (a − s − A)² + (b + s − B)² against (a − A)² + (b − B)².
        double Gain(int w) => workers[w].Slots * (held[workers[w].Run] - targets[workers[w].Run] + lack - workers[w].Slots);
    }

    /// <summary>Workers that their run can spare: it keeps another one, or has no work.</summary>
    private static IEnumerable<int> Givers(IReadOnlyList<int> usable, AllottedWorker[] workers)
    {
        int[] count = new int[usable.Count];
        foreach (var worker in workers) count[worker.Run]++;
        return Enumerable.Range(0, workers.Length)
            .Where(w => workers[w].IsSettled && (count[workers[w].Run] > 1 || usable[workers[w].Run] == 0));
    }

    private static int[] Held(int runs, IEnumerable<AllottedWorker> workers)
    {
        int[] held = new int[runs];
        foreach (var worker in workers) held[worker.Run] += worker.Slots;
        return held;
    }
}
