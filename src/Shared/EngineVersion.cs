namespace LoptCluster.Shared;

/// <summary>
/// Version of the numbers that the engine computes and of what a worker sends: raised whenever the same sample would give different bits,
/// or would travel in another form.
/// </summary>
public static class EngineVersion
{
    public const string Current = "5";
}
