namespace LoptCluster.Coordinator.Auditing;

/// <summary>An order to compute samples again that is over.</summary>
internal readonly record struct EndedOrder(string Auditor, long OrderId, long ProblemId);
