using LoptCluster.TorchBenchmarks.Measuring;

namespace LoptCluster.TorchBenchmarks.Figures;

/// <summary>What a ratio was made of, milliseconds an inner-step (of a sample: both halves).</summary>
internal sealed record Timing(string Name, double Milliseconds, double LowerQuartile, double UpperQuartile)
{
    public static Timing Of(string name, Series seconds, int steps)
    {
        var ms = seconds.Times(1e3 / steps);
        return new Timing(name, ms.Median, ms.LowerQuartile, ms.UpperQuartile);
    }
}
