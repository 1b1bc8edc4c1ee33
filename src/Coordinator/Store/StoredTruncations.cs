namespace LoptCluster.Coordinator.Store;

/// <summary>The acknowledged truncations of a problem, and who sent them.</summary>
internal sealed class StoredTruncations
{
    private readonly List<DoneTruncation> _done = [];
    private readonly List<(string Worker, int First)> _senders = [];

    /// <summary>Steps and θ of each, in order.</summary>
    public IReadOnlyList<DoneTruncation> Done => _done;

    /// <summary>The workers that have sent samples of it, each with its first truncation.</summary>
    public IReadOnlyList<(string Worker, int First)> Senders => _senders;

    /// <summary>Newest θ version that one was computed at; −1: there is none.</summary>
    public long NewestVersion { get; private set; } = -1;

    /// <summary>Adds the truncation that follows the last one.</summary>
    public void Add(DoneTruncation truncation, string worker)
    {
        _done.Add(truncation);
        NewestVersion = Math.Max(NewestVersion, truncation.ThetaVersion);
        if (!_senders.Exists(s => s.Worker == worker)) _senders.Add((worker, truncation.Truncation));
    }
}
