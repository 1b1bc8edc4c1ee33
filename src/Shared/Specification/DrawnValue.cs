using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Shared.Specification;

/// <summary>Value of a task in a mixture: a constant, one of a list, or drawn from a range.</summary>
/// <remarks>Immutable. Values are of the key's type: int, long, double, bool, string, an enum, or a list of whole numbers.</remarks>
public abstract class DrawnValue
{
    /// <summary>Values that include the least, the greatest and every word that can be drawn; numbers in ascending order.</summary>
    public abstract ImmutableArray<object> Extremes { get; }

    /// <summary>The raw value that describes it, in its shortest form.</summary>
    internal abstract object Raw { get; }

    /// <summary>Draws the value; the same stream gives the same bits on every machine.</summary>
    internal abstract object Draw(ref RandomStream random);
}
