using System.Diagnostics;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Batching;

/// <summary>A sample that waits for a full batch.</summary>
/// <param name="Lane">Its place in a synchronous batch.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Arrived">Timestamp of its arrival, or of the restart that found it in the run store.</param>
/// <param name="Trace">Its queue span; null without tracing.</param>
internal sealed record QueuedSample(int Lane, GradientSample Sample, long Arrived, Activity? Trace = null);
