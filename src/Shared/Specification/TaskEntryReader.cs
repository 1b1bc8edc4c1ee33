using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>Reads tasks of a mixture from raw tables, and reports all their mistakes.</summary>
internal static class TaskEntryReader
{
    private static readonly ImmutableArray<string> Names =
        [TaskEntry.NameKey, TaskEntry.WeightKey, .. SpecificationKeys.All.Where(key => key.IsPerProblem).Select(key => key.Name)];

    /// <summary>The tasks, without the values that have a mistake.</summary>
    public static ImmutableArray<TaskEntry> ReadAll(object raw, Action<string> mistake)
    {
        if (raw is not IReadOnlyList<object> list || list.Any(item => item is not IReadOnlyDictionary<string, object>))
        {
            mistake($"tasks '{SpecificationValue.Shown(raw)}' must be a list of tables. Example: [[tasks]] and below it: weight = 2");
            return [];
        }

        return [.. list.Select((item, i) => Read(i, (IReadOnlyDictionary<string, object>)item, mistake))];
    }

    private static TaskEntry Read(int index, IReadOnlyDictionary<string, object> table, Action<string> mistake)
    {
        string name = table.GetValueOrDefault(TaskEntry.NameKey, "") as string ?? "";
        string title = new TaskEntry(name, 1, []).Title(index);
        if (table.TryGetValue(TaskEntry.NameKey, out object? given) && !SpecificationRules.IsName(name))
            Refuse($"name '{SpecificationValue.Shown(given)}' must be {SpecificationRules.NameRule}.");
        double weight = 1;
        if (table.TryGetValue(TaskEntry.WeightKey, out object? raw))
        {
            bool isNumber = SpecificationValue.TryConvert(raw, typeof(double), out object number);
            if (isNumber && (double)number is >= 0 and < double.PositiveInfinity) weight = (double)number;
            else Refuse($"weight '{SpecificationValue.Shown(raw)}' must be a number of at least 0.");
        }

        var values = new List<(SpecificationKey, DrawnValue)>();
        foreach (var (key, value) in table)
        {
            if (key is TaskEntry.NameKey or TaskEntry.WeightKey) continue;
            if (ReadValue(key, value, Refuse) is { } read) values.Add(read);
        }

        return new TaskEntry(name, weight, values);

        void Refuse(string text) => mistake($"{title}: {text}");
    }

    private static (SpecificationKey Key, DrawnValue Value)? ReadValue(string name, object raw, Action<string> mistake)
    {
        var key = SpecificationKeys.Find(name);
        if (key is null)
        {
            mistake($"'{name}' is not a key of the specification.{SpecificationKeys.Suggestion(name, Names)}");
            return null;
        }

        if (!key.IsPerProblem)
        {
            mistake($"{key.Name} is a value of the whole run, which a task cannot have. Move it above the tasks.");
            return null;
        }

        var value = DrawnValueReader.Read(key, raw, mistake);
        return value is null ? null : (key, value);
    }
}
