namespace LoptCluster.Worker.Reports;

/// <summary>What a heartbeat reports.</summary>
/// <param name="Fingerprints">Of what the slots compute with.</param>
/// <param name="InnerSteps">Inner-steps since the start of the process.</param>
/// <param name="ResidentBytes">Working set of the process.</param>
/// <param name="Slots">One entry per slot, in order.</param>
internal sealed record StatusReport(Fingerprints Fingerprints, long InnerSteps, long ResidentBytes, IReadOnlyList<SlotActivity> Slots);
