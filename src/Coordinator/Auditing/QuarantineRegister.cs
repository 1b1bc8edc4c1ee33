using System.Globalization;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;

namespace LoptCluster.Coordinator.Auditing;

/// <summary>Workers whose samples were found wrong: until an operator lifts it, they may not join.</summary>
/// <remarks>
/// It holds for the machine too, because a process that is started again has another id. Workers of that machine that were there before, or
/// of which a sample was found right, may go on, over restarts of the coordinator too. Owned by the run loop; not thread-safe.
/// </remarks>
internal sealed class QuarantineRegister(AuditWriter writer)
{
    private readonly Dictionary<string, QuarantineRecord> _records = [];

    /// <summary>Hosts of the workers that were welcomed since the coordinator started.</summary>
    private readonly Dictionary<string, string> _welcomed = [];

    /// <summary>Workers of which a sample was found right before that, or that were there when their host came into quarantine.</summary>
    private readonly HashSet<string> _spared = [];

    public IReadOnlyCollection<QuarantineRecord> All => _records.Values;

    public void Restore(AuditReader reader)
    {
        foreach (var record in reader.Quarantine()) _records.Add(record.Worker, record);
        _spared.UnionWith(reader.AgreedUntil().Keys);
        _spared.UnionWith(reader.Spared());
    }

    public bool Contains(string worker) => _records.ContainsKey(worker);

    public void OnWelcomed(string worker, string host) => _welcomed[worker] = host;

    public void Add(QuarantineRecord record)
    {
        _records[record.Worker] = record;
        writer.SetQuarantine(record);
        foreach (var (worker, host) in _welcomed.Where(w => w.Value == record.Host)) writer.SpareWorker(worker, host);
    }

    /// <returns>Whether the worker was quarantined.</returns>
    public bool Lift(string worker)
    {
        if (!_records.Remove(worker)) return false;
        writer.LiftQuarantine(worker);
        return true;
    }

    /// <returns>Why a worker may not join; null: it may.</returns>
    public Refusal? Inspect(string worker, string host)
    {
        if (_records.TryGetValue(worker, out var record)) return Refused(record, $"worker id '{worker}' is");
        if (_welcomed.ContainsKey(worker) || _spared.Contains(worker)) return null;
        record = _records.Values.FirstOrDefault(r => r.Host == host);
        return record is null ? null : Refused(record, $"host '{host}' is, with worker id '{record.Worker}',");
    }

    /// <summary>The refusal of a worker that was found wrong.</summary>
    public static Refusal Refused(QuarantineRecord record) => Refused(record, $"worker id '{record.Worker}' is");

    private static Refusal Refused(QuarantineRecord record, string who)
    {
        string since = record.Since.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new Refusal(
            RefusalReason.Quarantined,
            $"{who} quarantined since {since}, because a sample of it was wrong. Check the machine ('lopt verify', its memory), then let "
                + $"an operator lift it: lopt quarantine --lift {record.Worker}. {record.Finding}");
    }
}
