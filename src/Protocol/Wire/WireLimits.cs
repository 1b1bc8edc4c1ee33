namespace LoptCluster.Protocol.Wire;

/// <summary>Bounds that worker and coordinator share.</summary>
public static class WireLimits
{
    /// <summary>Largest message. The states that a leaving worker hands back travel in one: half a megabyte for each of its problems.</summary>
    public const int LargestMessageBytes = 512 << 20;

    /// <summary>Most slots of one worker: far above the cores of any machine, and it catches a number that is meant for something else.</summary>
    public const int MostSlots = 4096;
}
