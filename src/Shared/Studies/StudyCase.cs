using System.Collections.Immutable;

namespace LoptCluster.Shared.Studies;

/// <summary>Values of several keys that go together, under a name.</summary>
/// <param name="Name">Name of the case in tables and curves.</param>
/// <param name="Assignments">Its values, as texts for <c>--set</c>.</param>
public sealed record StudyCase(string Name, ImmutableArray<string> Assignments);
