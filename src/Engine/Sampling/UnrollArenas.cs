using System.Security.Cryptography;
using System.Text;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Sampling;

/// <summary>The arenas of a slot, one for each layout of w among the problems that it has lately unrolled.</summary>
/// <remarks>
/// Owned by one slot; not thread-safe. All arenas share the memory of one truncation, so a slot's budget holds for them together.
/// </remarks>
internal sealed class UnrollArenas(
    RunSpecification specification, IInnerProblemSource problems, ImageShape shape, int classes) : IDisposable
{
    /// <summary>Beyond so many layouts the one that has been idle longest is dropped, and made again when needed.</summary>
    private const int MostArenas = 16;

    /// <summary>Arenas that are kept, the one used latest first.</summary>
    private readonly List<UnrollArena> _arenas = [];

    private readonly TapeMemory _memory = new();
    private readonly UnrollOptions _options = UnrollOptions.From(specification);

    /// <summary>
    /// Identity of the layouts of w that problems of the run have: of the one layout, in words ("19722 parameters in 8 tensors, 1f6c09a2"),
    /// or of all.
    /// </summary>
    public string LayoutFingerprint()
    {
        string[] fingerprints = [.. problems.LayoutExamples(specification).Select(id => Enter(id).Layout.Fingerprint).Distinct()];
        if (fingerprints.Length == 1) return fingerprints[0];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', fingerprints)));
        return $"{fingerprints.Length} layouts, {Convert.ToHexStringLower(hash)[..8]}";
    }

    /// <summary>The arena of a problem, with the problem in it.</summary>
    public UnrollArena Enter(long problemId)
    {
        long instance = problems.InstanceOf(specification, problemId);
        int index = IndexOf(instance);
        if (index < 0) return Add(problems.Create(specification, shape, classes, problemId), instance);
        MoveToFront(index);
        return _arenas[0];
    }

    public void Dispose()
    {
        foreach (var arena in _arenas) arena.Dispose();
        _memory.Dispose();
    }

    private UnrollArena Add(IInnerProblem problem, long instance)
    {
        int index = _arenas.FindIndex(a => a.Layout.IsSameAs(problem.Layout));
        if (index >= 0)
        {
            _arenas[index].Set(problem, instance);
            MoveToFront(index);
            return _arenas[0];
        }

        if (_arenas.Count == MostArenas)
        {
            _arenas[^1].Dispose();
            _arenas.RemoveAt(_arenas.Count - 1);
        }

        var optimizer = OptimizerFactory.Create(specification, problem.Layout);
        _arenas.Insert(0, new UnrollArena(problem, instance, optimizer, new Unroller(problem.Layout, optimizer, _options, _memory)));
        return _arenas[0];
    }

    /// <summary>A loop in place of a lambda, which would allocate at every switch of problems.</summary>
    private int IndexOf(long instance)
    {
        for (int i = 0; i < _arenas.Count; i++)
        {
            if (_arenas[i].Instance == instance) return i;
        }

        return -1;
    }

    private void MoveToFront(int index)
    {
        if (index == 0) return;
        var arena = _arenas[index];
        _arenas.RemoveAt(index);
        _arenas.Insert(0, arena);
    }
}
