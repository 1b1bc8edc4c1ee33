using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Shared.Specification;

/// <summary>A task of a mixture: one kind of problem, with the values in which its problems differ from the run.</summary>
/// <remarks>Immutable. Keys that it does not name keep the run's values.</remarks>
public sealed class TaskEntry
{
    internal const string NameKey = "name";
    internal const string WeightKey = "weight";

    /// <summary>Most specifications that <see cref="Corners"/> gives, whatever the lists of the task.</summary>
    private const int MostCorners = 1_024;

    private readonly ImmutableArray<(SpecificationKey Key, DrawnValue Value)> _values;

    internal TaskEntry(string name, double weight, IEnumerable<(SpecificationKey Key, DrawnValue Value)> values)
    {
        (Name, Weight) = (name, weight);
        _values = [.. values.OrderBy(v => SpecificationKeys.All.IndexOf(v.Key))];
    }

    /// <summary>Name of the kind; "" if it has none.</summary>
    public string Name { get; }

    /// <summary>Share of the problems that are of this kind, relative to the weights of the others.</summary>
    public double Weight { get; }

    /// <summary>The task in messages: "Task 2 ('conv')".</summary>
    /// <param name="index">Its place among the tasks, from 0.</param>
    public string Title(int index) => Name.Length == 0 ? $"Task {index + 1}" : $"Task {index + 1} ('{Name}')";

    /// <summary>The values as TOML, by key.</summary>
    public IEnumerable<(SpecificationKey Key, string Toml)> Values => _values.Select(v => (v.Key, SpecificationValue.Shown(v.Value.Raw)));

    /// <summary>The task without values of its own for some keys: there its problems have the run's.</summary>
    internal TaskEntry Without(IReadOnlySet<string> keys) => _values.Any(v => keys.Contains(v.Key.Name))
        ? new TaskEntry(Name, Weight, _values.Where(v => !keys.Contains(v.Key.Name)))
        : this;

    /// <summary>The whole entry as a raw table.</summary>
    internal Dictionary<string, object> Raw
    {
        get
        {
            var table = new Dictionary<string, object>();
            if (Name.Length > 0) table[NameKey] = Name;
            if (Weight != 1) table[WeightKey] = Weight;
            foreach (var (key, value) in _values) table[key.Name] = value.Raw;
            return table;
        }
    }

    /// <summary>
    /// Specifications at the corners of what can be drawn: all combinations of words and lists, with all numbers at their least, …, and
    /// all at their greatest. Whatever a problem of this kind needs, a corner needs as much or more.
    /// </summary>
    public IEnumerable<RunSpecification> Corners(RunSpecification run)
    {
        int levels = _values.Where(v => v.Key.IsNumber).Select(v => v.Value.Extremes.Length).DefaultIfEmpty(1).Max();
        IEnumerable<ImmutableArray<object>> choices = [[]];
        foreach (var (key, value) in _values)
        {
            var options = key.IsNumber ? [null!] : value.Extremes;
            choices = choices.SelectMany(_ => options, (chosen, option) => chosen.Add(option));
        }

        return choices.SelectMany(_ => Enumerable.Range(0, levels), Corner).Take(MostCorners);

        RunSpecification Corner(ImmutableArray<object> chosen, int level)
        {
            var corner = run with { Tasks = [] };
            for (int i = 0; i < _values.Length; i++)
            {
                var extremes = _values[i].Value.Extremes;
                _values[i].Key.Assign(corner, _values[i].Key.IsNumber ? extremes[Math.Min(level, extremes.Length - 1)] : chosen[i]);
            }

            return corner;
        }
    }

    /// <summary>The specification of one problem of this kind.</summary>
    internal RunSpecification Draw(RunSpecification run, long problemId)
    {
        var drawn = run with { Tasks = [] };
        foreach (var (key, value) in _values)
        {
            // A stream for each key: a value does not change if the task gets another key.
            var random = new RandomStream(run.Seed, RandomPurpose.TaskMixture, problemId, key.RandomIndex);
            key.Assign(drawn, value.Draw(ref random));
        }

        return drawn;
    }
}
