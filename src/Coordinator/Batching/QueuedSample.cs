using System.Diagnostics;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Batching;

/// <summary>A sample that waits for a full batch.</summary>
/// <param name="Problem">Its problem, which may have ended with it.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Arrived">Timestamp of its arrival, or of the restart that found it in the run store.</param>
/// <param name="Trace">Its queue span; null without tracing.</param>
internal sealed record QueuedSample(OpenProblem Problem, GradientSample Sample, long Arrived, Activity? Trace = null)
{
    /// <summary>Its place in a synchronous batch.</summary>
    public int Lane => Problem.Lane;
}
