using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Shared.Specification;

/// <summary>One of several values, each with the same probability.</summary>
internal sealed class ChosenValue(ImmutableArray<object> values) : DrawnValue
{
    public override ImmutableArray<object> Extremes { get; } = values[0] is int or long or double ? values.Sort() : values;

    internal override object Raw => (IReadOnlyList<object>)[.. values.Select(SpecificationValue.ToRaw)];

    internal override object Draw(ref RandomStream random) => values[random.NextInt32(values.Length)];
}
