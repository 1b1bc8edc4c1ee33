using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Shared.Specification;

/// <summary>Distribution of a run's problems over the tasks of its specification.</summary>
/// <remarks>
/// Thread-safe, immutable. What problem p is depends on the specification and p alone, so any process can build it again. A run without
/// tasks is a mixture of one: each problem has the specification of the run itself.
/// </remarks>
public sealed class TaskMixture(RunSpecification run)
{
    private readonly double[] _weights = [.. run.Tasks.Select(task => task.Weight)];

    /// <summary>Names of the kinds, in the order of the specification; none in a run without a mixture.</summary>
    public ImmutableArray<string> Kinds { get; } = [.. run.Tasks.Select((task, i) => task.Name.Length > 0 ? task.Name : $"task {i + 1}")];

    /// <summary>A kind in messages: its number in the specification, and its name if it has one.</summary>
    public string Title(string kind) => Kinds.IndexOf(kind) is var index and >= 0
        ? run.Tasks[index].Title(index)
        : throw new ArgumentException($"The mixture has no task '{kind}'.", nameof(kind));

    /// <summary>The problem of this id: first its kind, by weight, then each value of its own.</summary>
    public DrawnTask Draw(long problemId)
    {
        if (run.Tasks.IsEmpty) return new DrawnTask("", run);
        int kind = KindOf(problemId);
        return new DrawnTask(Kinds[kind], run.Tasks[kind].Draw(run, problemId));
    }

    /// <summary>Specifications at the corners of what problems can be, kind by kind; of a run without tasks, the run itself.</summary>
    public IEnumerable<DrawnTask> Corners() => run.Tasks.IsEmpty
        ? [new DrawnTask("", run)]
        : run.Tasks.SelectMany(task => task.Corners(run), (task, corner) => new DrawnTask(Kinds[run.Tasks.IndexOf(task)], corner));

    private int KindOf(long problemId)
    {
        var random = new RandomStream(run.Seed, RandomPurpose.TaskMixture, problemId);
        double at = random.NextDouble() * _weights.Sum();
        int last = Array.FindLastIndex(_weights, weight => weight > 0);
        for (int kind = 0; kind < last; kind++)
        {
            if (at < _weights[kind]) return kind;
            at -= _weights[kind];
        }

        return last;
    }
}
