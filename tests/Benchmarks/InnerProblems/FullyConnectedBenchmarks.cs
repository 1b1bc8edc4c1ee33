using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.InnerProblems.FullyConnected;

namespace LoptCluster.Benchmarks.InnerProblems;

/// <summary>The fully connected nets of the presets and of App. F.</summary>
public class FullyConnectedBenchmarks : InnerProblemBenchmarks
{
    [Params("64-32-10", "196-32-32-10", "196-128-128-128-10")]
    public string Widths { get; set; } = "";

    [Params(32, 128)]
    public int MinibatchSize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int[] widths = [.. Widths.Split('-').Select(int.Parse)];
        Use(new FullyConnectedProblem(widths[0], widths.AsSpan()[1..^1], widths[^1], MinibatchSize), widths[^1], MinibatchSize);
    }
}
