namespace LoptCluster.Shared.Specification;

/// <summary>How samples meet outer-updates.</summary>
public enum RunMode
{
    /// <summary>Any S samples make an update, as in the paper (§4.3).</summary>
    Asynchronous,

    /// <summary>Each lane gives one sample per update at the current θ, merged in lane order: reproducible bit for bit.</summary>
    Synchronous,
}
