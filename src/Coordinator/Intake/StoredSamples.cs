using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Intake;

/// <summary>Memory of the acknowledged samples of problems that have ended.</summary>
/// <remarks>
/// Of a problem that ended in a group of events that is not committed the file does not know the last samples yet, hence the memory until
/// then.
/// </remarks>
internal sealed class StoredSamples(RunReader reader, FilePatience file) : IDisposable
{
    /// <summary>Problems whose end is not committed, with the number of their truncations.</summary>
    private readonly Dictionary<long, int> _uncommitted = [];
    private List<long> _ended = [];
    private SampleLookup? _stored;

    public bool Contains(SampleIdentity identity) =>
        (_uncommitted.TryGetValue(identity.ProblemId, out int truncations) && identity.Truncation < truncations)
            || file.Use(() => IsStored(identity));

    public void OnProblemEnded(OpenProblem problem)
    {
        _uncommitted[problem.Id] = problem.NextTruncation;
        _ended.Add(problem.Id);
    }

    /// <returns>Forgets the problems that have ended since the last call; to be called once that is committed.</returns>
    public Action TakeEnded()
    {
        var ended = _ended;
        _ended = [];
        return () => ended.ForEach(id => _uncommitted.Remove(id));
    }

    public void Dispose() => _stored?.Dispose();

    private bool IsStored(SampleIdentity identity)
    {
        try
        {
            return (_stored ??= reader.Samples()).Contains(identity);
        }
        catch
        {
            // A connection that has met a fault is not relied upon again.
            _stored?.Dispose();
            _stored = null;
            throw;
        }
    }
}
