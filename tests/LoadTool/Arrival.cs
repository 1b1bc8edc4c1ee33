using LoptCluster.Protocol.V1;

namespace LoptCluster.LoadTool;

/// <summary>A message of the coordinator.</summary>
/// <param name="Message">The message; null: it is a θ.</param>
/// <param name="ThetaVersion">Version of that θ.</param>
internal sealed record Arrival(CoordinatorMessage? Message, long ThetaVersion);
