namespace LoptCluster.Protocol;

/// <summary>Limits on which both ends of the protocol agree.</summary>
public static class ProtocolLimits
{
    /// <summary>Slots of one worker.</summary>
    public const int MostSlots = 4096;

    /// <summary>
    /// Largest message of a coordinator: a lost state is recomputed from every θ of its problem so far, which can be thousands.
    /// </summary>
    public const int LargestMessageBytes = 512 << 20;

    /// <summary>Largest message to a coordinator: the gradients of a sample, or the positions of some ten thousand problems.</summary>
    public const int LargestMessageToCoordinatorBytes = 1 << 20;

    /// <summary>
    /// Largest part of an inner state that is handed back: below what .NET keeps among its large objects, which are collected late.
    /// </summary>
    public const int StateChunkBytes = 64 << 10;
}
