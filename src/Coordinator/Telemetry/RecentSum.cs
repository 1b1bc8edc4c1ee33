namespace LoptCluster.Coordinator.Telemetry;

/// <summary>What samples of the last seconds come to, in all.</summary>
/// <param name="Samples">How many.</param>
/// <param name="Steps">Inner-steps of their truncations.</param>
/// <param name="UnrolledSteps">Inner-steps of all their particles.</param>
/// <param name="Seconds">Time that they took of one slot each.</param>
internal readonly record struct RecentSum(long Samples, long Steps, long UnrolledSteps, double Seconds)
{
    public static RecentSum operator +(RecentSum a, RecentSum b) => new(
        a.Samples + b.Samples, a.Steps + b.Steps, a.UnrolledSteps + b.UnrolledSteps, a.Seconds + b.Seconds);
}
