namespace LoptCluster.Shared.Specification;

/// <summary>Rule by which samples are collected into outer-updates.</summary>
public enum RunMode
{
    /// <summary>The next S samples to arrive form an update, as in the paper (§4.3).</summary>
    Asynchronous,

    /// <summary>Each lane contributes one sample per update, at the current θ and merged in lane order: reproducible bit for bit.</summary>
    Synchronous,

    /// <summary>
    /// None: random search (§4.4). Every version of θ is a draw from the optimizer's search space, and the workers evaluate it.
    /// </summary>
    Search,

    /// <summary>None: the workers compare θ, which stays as it is, with baselines on held-out tasks (§4.4).</summary>
    Comparison,
}
