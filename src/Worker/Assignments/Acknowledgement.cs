using LoptCluster.Shared.Run;

namespace LoptCluster.Worker.Assignments;

/// <summary>The coordinator's answer to a sample.</summary>
/// <param name="Outcome">What became of the sample; ends up in its trace.</param>
/// <param name="Superseded">Another θ is current: the sample's problem is dropped, and assigned again if it is still needed.</param>
internal sealed record Acknowledgement(SampleIdentity Identity, string Outcome, bool Superseded);
