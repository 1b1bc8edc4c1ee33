namespace LoptCluster.Coordinator.Assignments;

/// <summary>How many problems each worker should have.</summary>
internal static class FairShares
{
    /// <summary>
    /// L = max(S, all slots): at least one problem a slot, and at least as many as a batch has samples, so that a batch's samples come from
    /// different problems even on two slots (§4.3: 128 workers, batch 128).
    /// </summary>
    public static int Target(int batchSamples, int allSlots) => Math.Max(batchSamples, allSlots);

    /// <summary>A worker's part of the target by its slots, rounded up.</summary>
    public static int Of(int slots, int allSlots, int target) => (int)(((long)target * slots + allSlots - 1) / Math.Max(1, allSlots));
}
