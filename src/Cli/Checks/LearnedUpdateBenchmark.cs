using System.Diagnostics;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>Time of one update by the MLP optimizer of the paper's convnet (App. D.2: 19,722 parameters), one thread.</summary>
internal static class LearnedUpdateBenchmark
{
    private const int Updates = 400;

    /// <summary>Median time over many updates, in microseconds.</summary>
    public static double Measure(CancellationToken cancellation)
    {
        var specification = PresetCatalog.Load("paper");
        var shape = new ImageShape(specification.ImageSize, specification.ImageChannels);
        using var problem = InnerProblemFactory.Create(specification, shape, specification.TaskClasses);
        var layout = problem.Layout;
        using var optimizer = OptimizerFactory.Create(specification, layout);
        float[] theta = OptimizerFactory.InitialTheta(specification);
        using var w = new AlignedBuffer(layout.PaddedLength);
        using var g = new AlignedBuffer(layout.PaddedLength);
        using var m = new AlignedBuffer(layout.PaddedLength * optimizer.StateVectors);
        foreach (var tensor in layout.Tensors)
        {
            for (int i = 0; i < tensor.Length; i++)
                (w.Span[tensor.Offset + i], g.Span[tensor.Offset + i]) = (0.01f * (i % 13), 0.001f * (i % 7));
        }

        double[] microseconds = new double[Updates];
        for (int t = 0; t < 2 * Updates; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            optimizer.Update(theta, t, g.Span, w.Span, m.Span);
            if (t >= Updates) microseconds[t - Updates] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        Array.Sort(microseconds);
        return microseconds[Updates / 2];
    }
}
