using System.Collections.Immutable;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Shared.Studies;

/// <summary>One run of a study: a case, if the study has cases, at a point on its axes.</summary>
/// <param name="Case">The case; null in a study without cases.</param>
/// <param name="Point">Key and value on each axis, in the axes' order.</param>
/// <param name="Specification">The whole specification of the run.</param>
public sealed record StudyRun(
    StudyCase? Case, ImmutableArray<(string Key, string Value)> Point, RunSpecification Specification)
{
    private const string Seed = "seed";

    /// <summary>The case and the point in words: "estimator=es seed=2".</summary>
    public string Label => Words(Point);

    /// <summary>The point without its seed, which runs that differ in the seed alone share; "all runs" if nothing is left.</summary>
    public string Group => Words([.. Point.Where(p => p.Key != Seed)]) is { Length: > 0 } words ? words : "all runs";

    /// <summary>Name of the run's folder: the point in letters that every file system allows.</summary>
    public string FolderName => string.Concat(Label.Select(c => char.IsAsciiLetterOrDigit(c) || c is '=' or '.' or '-' ? c : '_'));

    /// <summary>The values of the case and of the point as texts for <c>--set</c>.</summary>
    public IEnumerable<string> Assignments => [.. Case?.Assignments ?? [], .. Point.Select(p => $"{p.Key}={p.Value}")];

    private string Words(ImmutableArray<(string Key, string Value)> point)
    {
        var words = point.Select(p => $"{p.Key}={p.Value}");
        return string.Join(' ', Case is null ? words : words.Prepend(Case.Name));
    }
}
