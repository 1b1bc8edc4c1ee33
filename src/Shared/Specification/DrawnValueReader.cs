using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>Reads a value of a task: a constant, a list to choose from, a range, or a list with drawn length and items.</summary>
internal static class DrawnValueReader
{
    private const int MostItems = 64;

    /// <returns>The value; null after a mistake.</returns>
    public static DrawnValue? Read(SpecificationKey key, object raw, Action<string> mistake)
    {
        bool isList = key.Type == typeof(ImmutableArray<int>);
        return raw switch
        {
            IReadOnlyDictionary<string, object> table when isList => ReadList(key, table, mistake),
            IReadOnlyDictionary<string, object> table when key.IsNumber => Ranged(key, table, key.Name, mistake),
            IReadOnlyList<object> { Count: 0 } when !isList => Refused(mistake, $"{key.Name} '[]' must contain at least one value."),
            IReadOnlyList<object> items when !isList || (items.Count > 0 && items.All(item => item is IReadOnlyList<object>)) =>
                Chosen(key, items, key.Name, mistake),
            _ => Single(key, raw, key.Name, mistake) is { } value ? new ConstantValue(value) : null,
        };
    }

    private static RangedList? ReadList(SpecificationKey key, IReadOnlyDictionary<string, object> table, Action<string> mistake)
    {
        string[] parts = [RangedList.Length, RangedList.Each];
        if (table.Count != parts.Length || !parts.All(table.ContainsKey))
        {
            mistake(
                $"{key.Name} '{SpecificationValue.Shown(table)}' must have length and each. "
                + "Example: { length = { from = 1, to = 3 }, each = { from = 16, to = 128 } }");
            return null;
        }

        var length = Part(RangedList.Length, 0, MostItems);
        var each = Part(RangedList.Each, key.Range.Min, key.Range.Max);
        return length is null || each is null ? null : new RangedList(length, each);

        DrawnValue? Part(string name, double min, double max)
        {
            var part = table[name] switch
            {
                IReadOnlyDictionary<string, object> range =>
                    RangeTable.Read(range, isWhole: true, text => mistake($"{key.Name}: {name}: {text}")) is { } r
                        ? new RangedValue(r, typeof(int)) : null,
                IReadOnlyList<object> { Count: > 0 } items when items.All(IsWhole) =>
                    new ChosenValue([.. items.Select(item => (object)(int)(long)item)]),
                long whole when IsWhole(whole) => new ConstantValue((int)whole),
                var other => Refused(
                    mistake, $"{key.Name}: {name} '{SpecificationValue.Shown(other)}' must be a whole number, a list or a range."),
            };
            if (part is null || part.Extremes.All(x => (int)x >= min && (int)x <= max)) return part;
            return Refused(
                mistake,
                $"{key.Name}: {name} '{SpecificationValue.Shown(part.Raw)}' must be {SpecificationValue.Allowed(typeof(int), min, max)}.");
        }
    }

    private static bool IsWhole(object raw) => raw is long and >= int.MinValue and <= int.MaxValue;

    private static RangedValue? Ranged(
        SpecificationKey key, IReadOnlyDictionary<string, object> table, string name, Action<string> mistake)
    {
        if (RangeTable.Read(table, key.Type != typeof(double), text => mistake($"{name}: {text}")) is not { } range) return null;
        if (range.From >= key.Range.Min && range.To <= key.Range.Max && (key.Type != typeof(int) || range.To <= int.MaxValue))
            return new RangedValue(range, key.Type);
        mistake(SpecificationRules.NotAllowed(key, SpecificationValue.Shown(table)));
        return null;
    }

    private static ChosenValue? Chosen(SpecificationKey key, IReadOnlyList<object> items, string name, Action<string> mistake)
    {
        object?[] values = [.. items.Select(item => Single(key, item, name, mistake))];
        return values.Contains(null) ? null : new ChosenValue([.. values!]);
    }

    private static object? Single(SpecificationKey key, object raw, string name, Action<string> mistake)
    {
        if (SpecificationValue.TryConvert(raw, key.Type, out object value) && key.Allows(value)) return value;
        mistake(SpecificationRules.NotAllowed(key, SpecificationValue.Shown(raw)));
        return null;
    }

    private static DrawnValue? Refused(Action<string> mistake, string text)
    {
        mistake(text);
        return null;
    }
}
