using System.Text.Json.Serialization;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Instruments;

namespace LoptCluster.Cli.Screen;

/// <summary>A worker of a run at one moment.</summary>
internal sealed record ScreenWorker(
    string WorkerId, int Slots, string State, int Problems, double InnerStepsPerSecond, long Samples,
    [property: JsonPropertyName("secondsSinceHeard")] TimeSpan SinceHeard)
{
    /// <summary>Whether the worker is lost; otherwise <see cref="State"/> is the activity of its slots.</summary>
    [JsonIgnore]
    public bool IsLost => State == WorkerStates.Lost;

    public static ScreenWorker From(WorkerStatus status) => new(
        status.WorkerId,
        status.Slots,
        status.State,
        status.Problems,
        double.IsFinite(status.InnerStepsPerSecond) ? status.InnerStepsPerSecond : 0,
        status.Samples,
        TimeSpan.FromSeconds(double.IsFinite(status.SecondsSinceHeard) ? Math.Max(0, status.SecondsSinceHeard) : 0));
}
