using System.Security.Cryptography;
using System.Text;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Sampling;

/// <summary>The arenas of a slot, one for each layout of w and horizon among the problems that it has lately unrolled.</summary>
/// <remarks>
/// Owned by one slot; not thread-safe. All arenas share the memory of one truncation, so a slot's budget holds for them together.
/// </remarks>
internal sealed class UnrollArenas(RunSpecification run, IInnerProblemSource problems) : IDisposable
{
    /// <summary>Beyond so many layouts the one that has been idle longest is dropped, and made again when needed.</summary>
    private const int MostArenas = 16;

    /// <summary>Arenas that are kept, the one used latest first.</summary>
    private readonly List<UnrollArena> _arenas = [];

    private readonly TapeMemory _memory = new();
    private readonly UnrollOptions _options = UnrollOptions.From(run);

    /// <summary>
    /// Identity of the layouts of w that problems of the run have: of the one layout, in words ("19722 parameters in 8 tensors, 1f6c09a2"),
    /// or of all.
    /// </summary>
    /// <param name="corners">Settings at the corners of what problems of the run can be.</param>
    public string LayoutFingerprint(IEnumerable<ProblemSetting> corners)
    {
        string[] fingerprints = [.. corners.SelectMany(FingerprintsOf).Distinct()];
        if (fingerprints.Length == 1) return fingerprints[0];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', fingerprints)));
        return $"{fingerprints.Length} layouts, {Convert.ToHexStringLower(hash)[..8]}";
    }

    /// <summary>The arena of a problem, with the problem in it.</summary>
    public UnrollArena Enter(ProblemSetting setting, long problemId)
    {
        var function = ProblemFunction.Of(problems, setting, problemId);
        var settings = UpdateSettings.Of(setting);
        int index = IndexOf(function, settings);
        if (index < 0) return Add(problems.Create(setting, problemId), function, settings, setting);
        MoveToFront(index);
        return _arenas[0];
    }

    /// <summary>Plans the longest truncation of a setting.</summary>
    /// <exception cref="UserErrorException">The budget does not hold it.</exception>
    public LongestTruncation LongestTruncation(ProblemSetting setting)
    {
        using var problem = problems.Create(setting, 0);
        return new LongestTruncation(setting, problem.Layout.Length, PlanLongest(setting.Kind, setting.Specification, problem));
    }

    /// <param name="kind">Name of the mixture's task; "" in a run without a mixture.</param>
    /// <param name="specification">Values of the problem.</param>
    /// <param name="problem">The problem.</param>
    /// <inheritdoc cref="LongestTruncation"/>
    public TapePlan PlanLongest(string kind, RunSpecification specification, IInnerProblem problem)
    {
        using var optimizer = OptimizerFactory.Create(specification, problem.Layout);
        using var unroller = new Unroller(problem.Layout, optimizer, _options, _memory);
        try
        {
            return unroller.Plan(problem, TruncationSchedule.LongestSteps(specification));
        }
        catch (UserErrorException e) when (kind.Length > 0)
        {
            throw new UserErrorException($"{new TaskMixture(run).Title(kind)} of the mixture: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        foreach (var arena in _arenas) arena.Dispose();
        _memory.Dispose();
    }

    private IEnumerable<string> FingerprintsOf(ProblemSetting setting) =>
        problems.LayoutExamples(setting.Specification).Select(id =>
        {
            using var problem = problems.Create(setting, id);
            return problem.Layout.Fingerprint;
        });

    private UnrollArena Add(IInnerProblem problem, ProblemFunction function, UpdateSettings settings, ProblemSetting setting)
    {
        int index = _arenas.FindIndex(a => a.Layout.IsSameAs(problem.Layout) && a.Settings == settings);
        if (index >= 0)
        {
            _arenas[index].Set(problem, function);
            MoveToFront(index);
            return _arenas[0];
        }

        if (_arenas.Count == MostArenas)
        {
            _arenas[^1].Dispose();
            _arenas.RemoveAt(_arenas.Count - 1);
        }

        var optimizer = OptimizerFactory.Create(setting, problem.Layout);
        var unroller = new Unroller(problem.Layout, optimizer, _options, _memory);
        _arenas.Insert(0, new UnrollArena(problem, function, optimizer, settings, unroller));
        return _arenas[0];
    }

    /// <summary>A loop in place of a lambda, which would allocate at every switch of problems.</summary>
    private int IndexOf(ProblemFunction function, UpdateSettings settings)
    {
        for (int i = 0; i < _arenas.Count; i++)
        {
            if (_arenas[i].Function == function && _arenas[i].Settings == settings) return i;
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
