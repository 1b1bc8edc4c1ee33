using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>A specification under construction: collects all mistakes instead of stopping at the first.</summary>
internal sealed class SpecificationDraft(RunSpecification start)
{
    private const string Assignment = "--set ";
    private const string Tasks = "tasks";
    private const string Dataset = "dataset";

    private readonly List<string> _mistakes = [];
    private readonly Dictionary<string, string> _origins = [];
    private RunSpecification _specification = start;

    public void AddMistake(string mistake) => _mistakes.Add(mistake);

    /// <summary>Sets one key, or records why it cannot be set.</summary>
    /// <param name="origin">Where the value was given, as the start of a message: "my.toml:12: " or "--set ".</param>
    /// <param name="name">Name of the key, in any case.</param>
    /// <param name="raw">The raw value for a property of the given type.</param>
    /// <param name="shown">The value as the user wrote it.</param>
    public void Set(string origin, string name, Func<Type, object> raw, string shown)
    {
        var key = SpecificationKeys.Find(name);
        if (key is null)
        {
            _mistakes.Add($"{origin}'{name}' is not a key of the specification.{SpecificationKeys.Suggestion(name)}");
            return;
        }

        _origins[key.Name] = origin;
        if (key.Type == typeof(ImmutableArray<TaskEntry>))
        {
            var tasks = TaskEntryReader.ReadAll(raw(key.Type), mistake => _mistakes.Add(origin + mistake));
            _specification = _specification with { Tasks = tasks };
            return;
        }

        if (SpecificationValue.TryConvert(raw(key.Type), key.Type, out object value)) _specification = key.With(_specification, value);
        else _mistakes.Add(origin + SpecificationRules.NotAllowed(key, shown));
    }

    /// <summary>Sets keys from <c>key=value</c> texts.</summary>
    public void SetAll(IEnumerable<string> assignments)
    {
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                _mistakes.Add($"{Assignment}'{assignment}' must be key=value. Example: --set innerSteps=500");
                continue;
            }

            string text = assignment[(equals + 1)..].Trim();
            Set(Assignment, assignment[..equals].Trim(), type => SpecificationValue.FromText(text, type), text);
        }
    }

    /// <summary>Checks the values together and returns the specification.</summary>
    /// <exception cref="SpecificationException">There were mistakes, or the values contradict one another.</exception>
    public RunSpecification Finish()
    {
        DropKeysOfAnotherChoice();
        ApplyToTasks();
        foreach (var mistake in SpecificationRules.Mistakes(_specification))
        {
            _mistakes.Add(_origins.GetValueOrDefault(mistake.Key, "") + mistake.Text);
        }

        return _mistakes.Count == 0 ? _specification : throw new SpecificationException([.. _mistakes]);
    }

    /// <summary>
    /// An assigned value is that of every problem of a mixture, whatever its tasks would draw. Only the kind of images stays a matter of
    /// each task, since a folder of image files is given for those that read some.
    /// </summary>
    private void ApplyToTasks()
    {
        var assigned = _origins.Where(o => o.Value == Assignment).Select(o => o.Key).Where(key => key != Dataset).ToHashSet();
        if (assigned.Count == 0 || _specification.Tasks.IsEmpty || assigned.Contains(Tasks)) return;
        _specification = _specification with { Tasks = [.. _specification.Tasks.Select(task => task.Without(assigned))] };
    }

    /// <summary>
    /// A preset's scales belong to the preset's MLP, and its β1 to its outer Adam: where an assignment selects another, the values that it
    /// does not have return to their defaults, unless they are assigned too.
    /// </summary>
    private void DropKeysOfAnotherChoice()
    {
        foreach (var (group, key) in DependentKeys.Unused(_specification).ToList())
        {
            if (_origins.GetValueOrDefault(group.Choice) == Assignment && _origins.GetValueOrDefault(key.Name) != Assignment)
                _specification = key.With(_specification, key.Value(RunSpecification.Default));
        }
    }
}
