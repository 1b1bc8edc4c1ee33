namespace LoptCluster.Engine.Evaluation;

/// <summary>Rule by which the hyper-parameters of a compared optimizer are chosen. Results under different rules are never mixed.</summary>
public enum Ruleset
{
    /// <summary>One setting for all tasks, the published one. θ lives under this rule too.</summary>
    Untuned,

    /// <summary>One setting for all tasks, found by spending a budget on other tasks of the same distribution.</summary>
    Tuned,

    /// <summary>The best of several settings on each task, by the very loss that is compared: more than anyone has in practice.</summary>
    PerTask,
}
