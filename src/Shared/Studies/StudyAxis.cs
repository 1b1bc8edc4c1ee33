using System.Collections.Immutable;

namespace LoptCluster.Shared.Studies;

/// <summary>A key of the specification that a study varies.</summary>
/// <param name="Key">Name of the key.</param>
/// <param name="Values">Its values, as <c>--set</c> accepts them.</param>
public sealed record StudyAxis(string Key, ImmutableArray<string> Values);
