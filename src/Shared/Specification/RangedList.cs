using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Shared.Specification;

/// <summary>A list of whole numbers whose length is drawn, and then each item.</summary>
internal sealed class RangedList(DrawnValue length, DrawnValue each) : DrawnValue
{
    public const string Length = "length";
    public const string Each = "each";

    /// <summary>Every length's extremes, with the least item throughout and with the greatest.</summary>
    public override ImmutableArray<object> Extremes { get; } =
        [.. from count in length.Extremes
            from item in ((object[])[each.Extremes[0], each.Extremes[^1]]).Distinct()
            select (object)Enumerable.Repeat((int)item, (int)count).ToImmutableArray()];

    internal override object Raw => new Dictionary<string, object> { [Length] = length.Raw, [Each] = each.Raw };

    internal override object Draw(ref RandomStream random)
    {
        var items = ImmutableArray.CreateBuilder<int>();
        for (int left = (int)length.Draw(ref random); left > 0; left--) items.Add((int)each.Draw(ref random));
        return items.ToImmutable();
    }
}
