namespace LoptCluster.Coordinator.Hosts;

/// <summary>Where a run of a study stands.</summary>
public sealed record RunStanding
{
    public required string Name { get; init; }

    public required ServedState State { get; init; }

    /// <summary>Empty before its turn.</summary>
    public string RunId { get; init; } = "";

    public long OuterUpdate { get; init; }

    public long OuterUpdates { get; init; }

    public int Workers { get; init; }

    public int Slots { get; init; }

    /// <summary>Training so far, seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds to its last outer-update at the present rate; NaN while unknown.</summary>
    public double SecondsLeft { get; init; } = double.NaN;

    /// <summary>Why it failed, or what goes wrong in it; "" if all is well.</summary>
    public string Problem { get; init; } = "";
}
