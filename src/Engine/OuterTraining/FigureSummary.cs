namespace LoptCluster.Engine.OuterTraining;

/// <summary>What summary.json says of a figure.</summary>
[Flags]
public enum FigureSummary
{
    None = 0,

    /// <summary>Means over the first and over the last tenth of the updates.</summary>
    FirstAndLast = 1,

    /// <summary>Greatest value of all updates.</summary>
    Maximum = 2,
}
