namespace LoptCluster.Cli.Reproduction;

/// <summary>How large a figure's experiments are.</summary>
internal enum ReproductionScale
{
    /// <summary>Seconds to minutes on two cores.</summary>
    Small,

    /// <summary>The paper's numbers, where it gives them.</summary>
    Paper,
}
