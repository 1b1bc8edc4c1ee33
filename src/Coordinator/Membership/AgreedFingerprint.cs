using LoptCluster.Coordinator.Store;

namespace LoptCluster.Coordinator.Membership;

/// <summary>A fingerprint that all workers of a run must have: the coordinator's own, or what its workers say.</summary>
/// <remarks>
/// Without one of its own, the first worker's is the run's until a quorum of workers has another one before as many have that: a single
/// worker with wrong files does not lock out a fleet. What a quorum has said is settled. Owned by the run loop; not thread-safe.
/// </remarks>
internal sealed class AgreedFingerprint
{
    /// <summary>Workers that must say the same.</summary>
    private const int Quorum = 2;

    private readonly RunWriter _writer;
    private readonly string _key;
    private readonly Dictionary<string, HashSet<string>> _voices = [];
    private string? _stored;
    private bool _settled;

    /// <param name="key">Name of the value in the run's file; that it is settled is kept as "<paramref name="key"/>_settled".</param>
    /// <param name="reader">Reads what the run has.</param>
    /// <param name="writer">Takes what becomes known.</param>
    /// <param name="own">What the coordinator has found by itself, which decides; null: it could not.</param>
    public AgreedFingerprint(string key, RunReader reader, RunWriter writer, string? own)
    {
        (_key, _writer) = (key, writer);
        _stored = reader.Value(key);
        Value = own ?? _stored;
        IsOwn = own is not null;
        _settled = IsOwn || reader.Value(SettledKey) is not null;
    }

    /// <summary>The run's fingerprint; null: none is known yet.</summary>
    public string? Value { get; private set; }

    /// <summary>Whether the coordinator has found it by itself.</summary>
    public bool IsOwn { get; }

    private string SettledKey => $"{_key}_settled";

    /// <summary>Takes what a worker says.</summary>
    /// <param name="worker">Its id.</param>
    /// <param name="said">Its fingerprint; empty: it does not know it yet.</param>
    /// <returns>Whether it has the run's.</returns>
    public bool Hear(string worker, string said)
    {
        if (said.Length == 0) return true;
        if (!_settled) Count(worker, said);
        if (Value != _stored) Store();
        return said == Value;
    }

    private void Count(string worker, string said)
    {
        foreach (var others in _voices.Values) others.Remove(worker);
        if (!_voices.TryGetValue(said, out var voices)) _voices[said] = voices = [];
        voices.Add(worker);
        Value ??= said;
        if (voices.Count < Quorum) return;
        Value = said;
        _settled = true;
        _voices.Clear();
        _writer.SetValue(SettledKey, "1");
    }

    private void Store()
    {
        _writer.SetValue(_key, Value!);
        _stored = Value;
    }
}
