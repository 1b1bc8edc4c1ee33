namespace LoptCluster.Shared.Specification;

/// <summary>A range as an inline table: <c>{ from = 200, to = 4000, scale = "log", step = 8 }</c>.</summary>
internal static class RangeTable
{
    public const string From = "from";
    public const string To = "to";
    private const string Scale = "scale";
    private const string Step = "step";
    private const string Linear = "linear";
    private const string Logarithmic = "log";
    private static readonly string[] Names = [From, To, Scale, Step];

    public static object Of(NumberRange range, bool isWhole)
    {
        var table = new Dictionary<string, object> { [From] = Number(range.From), [To] = Number(range.To) };
        if (range.IsLogarithmic) table[Scale] = Logarithmic;
        if (range.Step != (isWhole ? 1 : 0)) table[Step] = Number(range.Step);
        return table;

        object Number(double x) => isWhole ? (long)x : (object)x;
    }

    /// <summary>Reads a range of whole numbers or of any numbers.</summary>
    /// <returns>The range; null after a mistake.</returns>
    public static NumberRange? Read(IReadOnlyDictionary<string, object> table, bool isWhole, Action<string> mistake)
    {
        bool good = true;
        foreach (string name in table.Keys.Where(name => !Names.Contains(name)))
            Refuse($"'{name}' is not part of a range.{SpecificationKeys.Suggestion(name, Names)} A range has from, to, scale and step.");
        double? from = Number(From), to = Number(To), step = table.ContainsKey(Step) ? Number(Step) : isWhole ? 1 : 0;
        object scale = table.GetValueOrDefault(Scale, Linear);
        if (scale is not (Linear or Logarithmic))
            Refuse($"scale '{scale}' must be '{Linear}' or '{Logarithmic}'.");
        if (from > to) Refuse($"the range is empty: from '{from:R}' must be at most to '{to:R}'.");
        if (scale is Logarithmic && from <= 0) Refuse($"from '{from:R}' must be above 0 if scale is '{Logarithmic}'.");
        if (table.ContainsKey(Step) && step <= 0) Refuse($"step '{step:R}' must be above 0.");
        return good ? new NumberRange(from!.Value, to!.Value, scale is Logarithmic, step!.Value) : null;

        double? Number(string name)
        {
            string kind = isWhole ? "a whole number" : "a number";
            if (!table.TryGetValue(name, out object? raw)) Refuse($"the range has no '{name}'. Example: {{ from = 16, to = 128 }}");
            else if (!SpecificationValue.TryConvert(raw, isWhole ? typeof(long) : typeof(double), out object value))
                Refuse($"{name} '{SpecificationValue.Shown(raw)}' must be {kind}.");
            else if (Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture) is var x && !double.IsFinite(x))
                Refuse($"{name} '{SpecificationValue.Shown(raw)}' must be {kind}.");
            else return x;
            return null;
        }

        void Refuse(string text)
        {
            good = false;
            mistake(text);
        }
    }
}
