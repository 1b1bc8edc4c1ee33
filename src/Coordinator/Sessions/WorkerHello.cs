namespace LoptCluster.Coordinator.Sessions;

/// <summary>How a worker introduces itself.</summary>
internal sealed record WorkerHello
{
    public required string WorkerId { get; init; }

    /// <summary>What is wrong with its texts as they were sent; null: nothing. What is here is fit to be shown.</summary>
    public string? TextFault { get; init; }

    public required string Host { get; init; }

    /// <summary>Truncations that it unrolls at once.</summary>
    public required int Slots { get; init; }

    public required string EngineVersion { get; init; }

    /// <summary>The run that welcomed it before; empty at first.</summary>
    public string RunId { get; init; } = "";

    /// <summary>Identity of its process; empty where it has none.</summary>
    public string Instance { get; init; } = "";

    /// <summary>Hash of the golden samples that it computed at its start; empty: it computed none.</summary>
    public string SelfCheck { get; init; } = "";

    /// <summary>Problems whose state it still has, after a reconnect.</summary>
    public IReadOnlyList<HeldPosition> Held { get; init; } = [];

    /// <summary>Empty until it has loaded the dataset that a Welcome names.</summary>
    public string DatasetFingerprint { get; init; } = "";

    /// <summary>Empty until it has created an inner-problem.</summary>
    public string LayoutFingerprint { get; init; } = "";
}

/// <summary>How far a worker is with a problem.</summary>
internal readonly record struct HeldPosition(long ProblemId, int NextTruncation, int InnerStep, long AssignmentId = 0);
