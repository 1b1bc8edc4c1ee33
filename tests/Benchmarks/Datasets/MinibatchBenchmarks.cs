using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Datasets.Procedural;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Benchmarks.Datasets;

/// <summary>A minibatch gathered from bytes; the small one is used by nets whose gradient takes 5 µs.</summary>
[MemoryDiagnoser]
public class MinibatchBenchmarks : IDisposable
{
    private TaskMinibatches _sut = null!;
    private long _step;

    [Params(8, 14, 32)]
    public int Size { get; set; }

    [Params(32, 128)]
    public int MinibatchSize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var specification = new RunSpecification { Dataset = DatasetKind.Procedural, ImageSize = Size, ImageChannels = Size == 32 ? 3 : 1 };
        var tasks = new TaskDistribution(new ProceduralDataset(specification), specification);
        _sut = new TaskMinibatches(tasks.Sample(ClassSplit.OuterTrain, 0), MinibatchSize, 1, 0);
    }

    [Benchmark]
    public int Inner() => _sut.Inner(_step++).Size;

    [GlobalCleanup]
    public void Dispose()
    {
        _sut?.Dispose();
        GC.SuppressFinalize(this);
    }
}
