namespace LoptCluster.Worker.Link;

/// <summary>Why a worker leaves its coordinator.</summary>
/// <param name="ComeBack">The coordinator stops for a while and the run is not over: join it again afterwards.</param>
internal sealed record Farewell(string Reason, bool ComeBack);
