using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.InnerProblems.Convnets;

namespace LoptCluster.Benchmarks.InnerProblems;

/// <summary>The paper's convnet (App. D.2) and its form with batch normalisation (App. J).</summary>
public class ConvnetBenchmarks : InnerProblemBenchmarks
{
    [Params(false, true)]
    public bool BatchNorm { get; set; }

    [Params(64, 128)]
    public int MinibatchSize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var shape = ConvnetShape.Paper with { BatchNorm = BatchNorm };
        Use(new ConvnetProblem(shape, MinibatchSize), shape.Classes, MinibatchSize);
    }
}
