using LoptCluster.Engine.Evaluation;

namespace LoptCluster.Cli.Reproduction;

/// <summary>A number that judges what the paper claims of a figure: median and quartiles over seeds, or one number alone.</summary>
/// <param name="Name">What the number is, with its unit.</param>
/// <param name="Value">The number; the three are equal where nothing is random.</param>
internal sealed record Finding(string Name, Quartiles Value)
{
    public static Finding Of(string name, double value) => new(name, new Quartiles(value, value, value));

    public static Finding Over(string name, IEnumerable<double> values) => new(name, Quartiles.Of(values));
}
