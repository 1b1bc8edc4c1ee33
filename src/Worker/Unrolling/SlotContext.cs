using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Worker.Unrolling;

/// <summary>What the slots of a worker share.</summary>
internal sealed record SlotContext
{
    public required JoinedRun Run { get; init; }

    /// <summary>Opened by the first slot that needs it, on that slot's thread: heartbeats continue meanwhile.</summary>
    public required Lazy<IRunImages> Dataset { get; init; }

    public required IInnerProblemSource InnerProblems { get; init; }

    public required Guarded<UnrollPoolState> State { get; init; }

    public required SlotBoard Board { get; init; }

    public required WorkerMetrics Metrics { get; init; }

    public required UnrollTraces Traces { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>Cancelled when the worker no longer waits for running truncations.</summary>
    public required CancellationToken Abandon { get; init; }
}
