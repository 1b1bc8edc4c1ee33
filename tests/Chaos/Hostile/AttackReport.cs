using System.Collections.Concurrent;

namespace LoptCluster.Chaos.Hostile;

/// <summary>What was sent, what was answered, and every answer that was not the expected one.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class AttackReport
{
    private const int MostFindings = 1000;

    private readonly ConcurrentDictionary<string, int> _answers = [];
    private readonly ConcurrentDictionary<string, int> _fields = [];
    private readonly ConcurrentQueue<string> _findings = [];
    private int _messages;

    public int Messages => _messages;

    /// <summary>Distinct pairs of a field, or a kind of raw bytes, and what was done to it.</summary>
    public int Cases => _fields.Count;

    public IReadOnlyCollection<string> Findings => _findings;

    /// <summary>Messages by what the coordinator made of them.</summary>
    public IEnumerable<(string Heading, int Count)> Answers => _answers.Select(a => (a.Key, a.Value)).OrderByDescending(a => a.Value);

    public void Note(string field, string mutation, int messages, string heading)
    {
        Interlocked.Add(ref _messages, messages);
        _fields.AddOrUpdate($"{field}: {mutation}", messages, (_, n) => n + messages);
        _answers.AddOrUpdate(heading, messages, (_, n) => n + messages);
    }

    public void Find(string field, string mutation, string expected, string found)
    {
        if (_findings.Count < MostFindings) _findings.Enqueue($"{field}: {mutation}: expected '{expected}', found: {found}");
    }

    public void Add(AttackReport other)
    {
        Interlocked.Add(ref _messages, other._messages);
        foreach (var (key, count) in other._fields) _fields.AddOrUpdate(key, count, (_, n) => n + count);
        foreach (var (key, count) in other._answers) _answers.AddOrUpdate(key, count, (_, n) => n + count);
        foreach (string finding in other._findings) _findings.Enqueue(finding);
    }
}
