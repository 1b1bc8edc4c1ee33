using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>All mistakes in a specification at once; the message has one line for each.</summary>
public sealed class SpecificationException(ImmutableArray<string> mistakes) : UserErrorException(string.Join('\n', mistakes))
{
    public ImmutableArray<string> Mistakes { get; } = mistakes;
}
