namespace LoptCluster.Shared;

/// <summary>Version of the numbers that the engine computes; raised whenever the same sample would give different bits.</summary>
public static class EngineVersion
{
    public const string Current = "3";
}
