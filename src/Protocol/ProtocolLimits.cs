namespace LoptCluster.Protocol;

/// <summary>Limits on which both ends of the protocol agree.</summary>
public static class ProtocolLimits
{
    /// <summary>Slots of one worker.</summary>
    public const int MostSlots = 4096;

    /// <summary>Largest message: a lost state is recomputed from every θ of its problem so far, which can be thousands.</summary>
    public const int LargestMessageBytes = 512 << 20;
}
