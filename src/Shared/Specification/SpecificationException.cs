using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>Everything that is wrong with a specification, at once: one line per mistake.</summary>
public sealed class SpecificationException(IEnumerable<string> mistakes) : UserErrorException(string.Join('\n', mistakes))
{
    public ImmutableArray<string> Mistakes => [.. Message.Split('\n')];
}
