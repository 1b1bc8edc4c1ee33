using System.Collections.Immutable;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Shared.Specification;

/// <summary>The same value for every problem of the task.</summary>
internal sealed class ConstantValue(object value) : DrawnValue
{
    public override ImmutableArray<object> Extremes => [value];

    internal override object Raw => SpecificationValue.ToRaw(value);

    internal override object Draw(ref RandomStream random) => value;
}
