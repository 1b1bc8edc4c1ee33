namespace LoptCluster.Shared.Specification;

/// <summary>A specification while values are put into it: collects mistakes instead of stopping at the first.</summary>
internal sealed class SpecificationDraft(RunSpecification start)
{
    private readonly List<string> _mistakes = [];
    private readonly Dictionary<string, string> _origins = [];
    private RunSpecification _specification = start;

    public void Complain(string mistake) => _mistakes.Add(mistake);

    /// <param name="origin">Where the value stands, to begin a complaint with: "my.toml:12: " or "--set ".</param>
    public void Set(string origin, string name, Func<Type, object> raw, string shown)
    {
        var key = SpecificationKeys.Find(name);
        if (key is null)
        {
            _mistakes.Add($"{origin}{name}: there is no such key{SpecificationKeys.Suggestion(name)}");
            return;
        }

        _origins[key.Name] = origin;
        if (SpecificationValue.TryConvert(raw(key.Type), key.Type, out object value)) _specification = key.With(_specification, value);
        else _mistakes.Add($"{origin}{key.Name} = {shown}: must be {key.Allowed}");
    }

    /// <summary><c>key=value</c> texts.</summary>
    public void SetAll(IEnumerable<string> assignments)
    {
        foreach (string assignment in assignments)
        {
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                _mistakes.Add($"--set {assignment}: must be key=value, as in --set innerSteps=500");
                continue;
            }

            string text = assignment[(equals + 1)..].Trim();
            Set("--set ", assignment[..equals].Trim(), type => SpecificationValue.FromText(text, type), text);
        }
    }

    /// <exception cref="SpecificationException">There were mistakes, or the values do not go together.</exception>
    public RunSpecification Finish()
    {
        foreach (var mistake in SpecificationRules.Mistakes(_specification))
        {
            _mistakes.Add(_origins.GetValueOrDefault(mistake.Key, "") + mistake.Text);
        }

        return _mistakes.Count == 0 ? _specification : throw new SpecificationException([.. _mistakes]);
    }
}
