namespace LoptCluster.Coordinator.Telemetry;

/// <summary>What the run loop says of itself after each group of events.</summary>
internal sealed record RunGauges(int Queued, int Connected, int Draining, int Lost, long Version);
