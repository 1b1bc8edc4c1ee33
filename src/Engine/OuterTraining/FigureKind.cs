namespace LoptCluster.Engine.OuterTraining;

/// <summary>What sort of number a figure is: how neighbouring updates are averaged, and how it is plotted and printed.</summary>
public enum FigureKind
{
    /// <summary>Any real number; averaged arithmetically.</summary>
    Quantity,

    /// <summary>Part of a whole, 0 to 1; averaged arithmetically and printed in percent.</summary>
    Share,

    /// <summary>Positive, over many powers of ten; averaged geometrically and plotted on a logarithmic axis.</summary>
    Magnitude,

    /// <summary>Number of things in a batch; summed.</summary>
    Count,
}
