using System.Collections.Immutable;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Shared.Studies;

/// <summary>One run of a study: a point on its axes.</summary>
/// <param name="Point">Key and value on each axis, in the axes' order.</param>
/// <param name="Specification">The whole specification of the run.</param>
public sealed record StudyRun(ImmutableArray<(string Key, string Value)> Point, RunSpecification Specification)
{
    private const string Seed = "seed";

    /// <summary>The point in words: "estimator=es seed=2".</summary>
    public string Label => Words(Point);

    /// <summary>The point without its seed, which runs that differ in the seed alone share; "all runs" if nothing is left.</summary>
    public string Group => Words([.. Point.Where(p => p.Key != Seed)]) is { Length: > 0 } words ? words : "all runs";

    /// <summary>Name of the run's folder: the point in letters that every file system allows.</summary>
    public string FolderName => string.Concat(Label.Select(c => char.IsAsciiLetterOrDigit(c) || c is '=' or '.' or '-' ? c : '_'));

    /// <summary>The point as texts for <c>--set</c>.</summary>
    public IEnumerable<string> Assignments => Point.Select(p => $"{p.Key}={p.Value}");

    private static string Words(ImmutableArray<(string Key, string Value)> point) =>
        string.Join(' ', point.Select(p => $"{p.Key}={p.Value}"));
}
