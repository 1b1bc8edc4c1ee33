using LoptCluster.TorchBenchmarks.Measuring;

namespace LoptCluster.TorchBenchmarks.Figures;

/// <summary>One line of the result: a ratio, and what it is to reach.</summary>
/// <param name="Measured">Median over the rounds.</param>
/// <param name="Goal">Null: told, not judged.</param>
/// <param name="AtLeast">The goal is a lower bound, otherwise an upper one.</param>
internal sealed record Figure(string Name, double Measured, double LowerQuartile, double UpperQuartile, double? Goal, bool AtLeast)
{
    public bool? Met => Goal is null ? null : AtLeast ? Measured >= Goal : Measured <= Goal;

    public static Figure Least(string name, Series ratio, double goal) => Of(name, ratio, goal, true);

    public static Figure Most(string name, Series ratio, double goal) => Of(name, ratio, goal, false);

    public static Figure Told(string name, Series ratio) => Of(name, ratio, null, true);

    private static Figure Of(string name, Series ratio, double? goal, bool atLeast) =>
        new(name, ratio.Median, ratio.LowerQuartile, ratio.UpperQuartile, goal, atLeast);
}
