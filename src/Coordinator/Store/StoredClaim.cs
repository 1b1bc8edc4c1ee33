using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Store;

/// <summary>What a worker says a sample is.</summary>
/// <param name="Sample">As the worker computed it.</param>
/// <param name="Worker">Its id.</param>
/// <param name="Host">Its machine.</param>
/// <param name="Received">When it arrived.</param>
/// <param name="Place">0: the sample that the run has; 1, 2, …: those who computed it again, in order, and did not agree.</param>
internal sealed record StoredClaim(GradientSample Sample, string Worker, string Host, DateTimeOffset Received, int Place = 0);
