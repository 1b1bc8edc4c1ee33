namespace LoptCluster.Shared;

/// <summary>Names the numbers that an engine computes. Raised whenever the same sample would come out otherwise.</summary>
public static class EngineVersion
{
    public const string Current = "3";
}
