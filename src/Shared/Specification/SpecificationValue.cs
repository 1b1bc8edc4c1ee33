using System.Collections.Immutable;
using System.Globalization;

namespace LoptCluster.Shared.Specification;

/// <summary>Conversion of values between their .NET types, TOML files and command-line text.</summary>
/// <remarks>A raw value is a long, double, bool, string, a list of raw values, or a table of them by name.</remarks>
internal static class SpecificationValue
{
    /// <summary>Converts a raw value to the type of a property; false if it does not fit the type.</summary>
    public static bool TryConvert(object raw, Type type, out object value)
    {
        (bool fits, value) = raw switch
        {
            bool b when type == typeof(bool) => (true, b),
            string s when type == typeof(string) => (true, s),
            string s when type.IsEnum => EnumValue(s, type),
            long or double when type == typeof(double) => (true, Convert.ToDouble(raw, CultureInfo.InvariantCulture)),
            long l when type == typeof(long) => (true, l),
            long l when type == typeof(int) && l is >= int.MinValue and <= int.MaxValue => (true, (int)l),
            // 1e4 is a whole number, although it is written as a floating-point one.
            double d when (type == typeof(int) || type == typeof(long)) && d == Math.Floor(d) && Math.Abs(d) <= int.MaxValue =>
                (true, type == typeof(int) ? (int)d : (object)(long)d),
            IReadOnlyList<object> list when type == typeof(ImmutableArray<int>) => WholeNumbers(list),
            _ => (false, raw),
        };
        return fits;
    }

    /// <summary>Raw value of the text after <c>key=</c>; quotes and brackets are optional.</summary>
    public static object FromText(string text, Type type)
    {
        text = text.Trim();
        if (type == typeof(ImmutableArray<int>)) return Items(text);
        if (type == typeof(ImmutableArray<TaskEntry>)) return TomlReader.Value(text);
        if (text is ['"', .., '"']) text = text[1..^1];
        if (type == typeof(string) || type.IsEnum) return text;
        return Scalar(text);
    }

    public static string ToToml(object value) => value switch
    {
        bool b => b ? "true" : "false",
        double d => Number(d),
        Enum e => $"\"{SpecificationWord.Of(e)}\"",
        string s => $"\"{s.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"",
        ImmutableArray<int> items => $"[{string.Join(", ", items)}]",
        ImmutableArray<TaskEntry> tasks => $"[{string.Join(", ", tasks.Select(task => ToToml(task.Raw)))}]",
        IReadOnlyList<object> items => $"[{string.Join(", ", items.Select(ToToml))}]",
        IReadOnlyDictionary<string, object> table => $"{{ {string.Join(", ", table.Select(e => $"{e.Key} = {ToToml(e.Value)}"))} }}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A raw value as a user writes it.</summary>
    public static string Shown(object raw) => raw is string text ? text : ToToml(raw);

    /// <summary>The raw value of a key's value.</summary>
    public static object ToRaw(object value) => value switch
    {
        int whole => (long)whole,
        Enum word => SpecificationWord.Of(word),
        ImmutableArray<int> items => (IReadOnlyList<object>)[.. items.Select(item => (object)(long)item)],
        _ => value,
    };

    /// <summary>The allowed values in words: "a whole number from 2 to 65536", "merged, rp or es".</summary>
    public static string Allowed(Type type, double min, double max)
    {
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(string)) return "text";
        if (type.IsEnum)
        {
            string[] words = [.. Enum.GetValues(type).Cast<Enum>().Select(SpecificationWord.Of)];
            return $"{string.Join(", ", words[..^1])} or {words[^1]}";
        }

        if (type == typeof(ImmutableArray<TaskEntry>)) return "a list of tables";
        string kind = type == typeof(double) ? "a number"
            : type == typeof(ImmutableArray<int>) ? "a list of whole numbers, each"
            : "a whole number";
        return kind + (double.IsInfinity(min), double.IsInfinity(max)) switch
        {
            (true, true) => "",
            (false, true) => $" of at least {Number(min)}",
            (true, false) => $" of at most {Number(max)}",
            _ => $" from {Number(min)} to {Number(max)}",
        };
    }

    private static string Number(double d) => d.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);

    private static (bool, object) EnumValue(string text, Type type)
    {
        foreach (Enum word in Enum.GetValues(type))
        {
            if (string.Equals(SpecificationWord.Of(word), text, StringComparison.OrdinalIgnoreCase)) return (true, word);
        }

        return (false, text);
    }

    private static (bool, object) WholeNumbers(IReadOnlyList<object> list)
    {
        var items = ImmutableArray.CreateBuilder<int>(list.Count);
        foreach (object raw in list)
        {
            if (!TryConvert(raw, typeof(int), out object item)) return (false, list);
            items.Add((int)item);
        }

        return (true, items.MoveToImmutable());
    }

    private static object Items(string text)
    {
        if (text is ['[', .., ']']) text = text[1..^1];
        string[] items = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (IReadOnlyList<object>)[.. items.Select(Scalar)];
    }

    private static object Scalar(string text)
    {
        if (text is "true" or "false") return text == "true";
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) return whole;
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : text;
    }
}
