namespace LoptCluster.Coordinator.Fleet;

/// <summary>A worker of the fleet, for the allotment.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Slots">Its slots.</param>
/// <param name="Run">Number of the run that it belongs to, or is on its way to.</param>
/// <param name="IsSettled">It is not on its way, and may be moved.</param>
internal readonly record struct AllottedWorker(string Id, int Slots, int Run, bool IsSettled = true);
