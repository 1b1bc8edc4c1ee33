using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Shared.Specification;

/// <summary>A number from a range; a whole number if the key's values are.</summary>
internal sealed class RangedValue(NumberRange range, Type type) : DrawnValue
{
    private const int FewNumbers = 8;

    /// <summary>All numbers if they are few, so that one in the middle that is not allowed is found too; otherwise both ends.</summary>
    public override ImmutableArray<object> Extremes { get; } = range.Step > 0 && (range.Last - range.From) / range.Step < FewNumbers
        ? [.. Enumerable.Range(0, (int)Math.Round((range.Last - range.From) / range.Step) + 1)
            .Select(i => ToType(range.From + (i * range.Step), type))]
        : [ToType(range.From, type), ToType(range.Last, type)];

    internal override object Raw => RangeTable.Of(range, type != typeof(double));

    internal override object Draw(ref RandomStream random) => ToType(range.Draw(ref random), type);

    private static object ToType(double x, Type type) =>
        type == typeof(int) ? (int)x : type == typeof(long) ? (long)x : (object)x;
}
