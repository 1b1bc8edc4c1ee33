namespace LoptCluster.Protocol;

/// <summary>Metadata of a gRPC call that says which run of a coordinator it is for.</summary>
public static class RunMetadata
{
    /// <summary>Key whose value is the run's name or id; not needed where the coordinator serves one run.</summary>
    public const string Key = "lopt-run";
}
