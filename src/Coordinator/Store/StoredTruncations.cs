namespace LoptCluster.Coordinator.Store;

/// <summary>The acknowledged truncations of a problem, and who had it.</summary>
internal sealed class StoredTruncations
{
    private readonly List<DoneTruncation> _done = [];
    private readonly Dictionary<string, int> _holders = [];

    /// <summary>Steps and θ of each, in order.</summary>
    public IReadOnlyList<DoneTruncation> Done => _done;

    /// <summary>The workers that have sent samples of it, or handed back its state, each with the truncation at which it began.</summary>
    public IReadOnlyDictionary<string, int> Holders => _holders;

    /// <summary>Newest θ version that one was computed at; −1: there is none.</summary>
    public long NewestVersion { get; private set; } = -1;

    /// <summary>Adds the truncation that follows the last one.</summary>
    public void Add(DoneTruncation truncation, string worker)
    {
        _done.Add(truncation);
        NewestVersion = Math.Max(NewestVersion, truncation.ThetaVersion);
        AddHolder(worker, truncation.Truncation);
    }

    public void AddHolder(string worker, int first) => _holders[worker] = Math.Min(first, _holders.GetValueOrDefault(worker, first));
}
