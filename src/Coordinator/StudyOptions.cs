using LoptCluster.Coordinator.Hosts;

namespace LoptCluster.Coordinator;

/// <summary>The runs that one coordinator serves together, on one fleet of workers.</summary>
public sealed record StudyOptions
{
    public required string Name { get; init; }

    /// <summary>In the order in which they are opened.</summary>
    public required IReadOnlyList<StudyRunOptions> Runs { get; init; }

    /// <summary>Runs that train at a time; the others wait for their turn.</summary>
    public required int Parallel { get; init; }

    /// <summary>Called when it has renewed the standings, about twice a second.</summary>
    public required Action<IReadOnlyList<RunStanding>> OnStandings { get; init; }

    /// <summary>The runs compared, as the body of an HTML page. Called on any thread.</summary>
    public required Func<IReadOnlyList<RunStanding>, string> Compare { get; init; }
}
