using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Benchmarks.Datasets;

/// <summary>Making the images of a class, 130 of them.</summary>
public class ProceduralBenchmarks
{
    private const int Images = 130;
    private ProceduralDataset _dataset = null!;
    private int _next;

    [Params(8, 14, 32, 64)]
    public int Size { get; set; }

    [Params(1, 3)]
    public int Channels { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _next = 0;
        _dataset = new ProceduralDataset(
            new RunSpecification { Dataset = DatasetKind.Procedural, ImageSize = Size, ImageChannels = Channels });
    }

    /// <summary>Per image. A class is made once only, so each call takes the next.</summary>
    [Benchmark(OperationsPerInvoke = Images)]
    public int ClassImages()
    {
        if (_next == _dataset.ClassCount) Setup();
        return _dataset.ClassImages(_next++).Length;
    }
}
