using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>How near the paper's convnet comes to the core's peak: gradient and Hessian-vector product as shares of it.</summary>
/// <param name="MinibatchSize">Images in a minibatch.</param>
/// <param name="FmaPeakGflops">Median of the peaks measured between the others.</param>
/// <param name="GradientMilliseconds">Loss and gradient, median.</param>
/// <param name="HvpMilliseconds">Hessian-vector product with its primal computed anew, median.</param>
/// <param name="GradientShareOfPeak">Median over rounds of (operations / time) / peak of the same round.</param>
/// <param name="HvpShareOfPeak">Likewise.</param>
public sealed record ConvnetBenchmark(
    int MinibatchSize, double FmaPeakGflops, double GradientMilliseconds, double HvpMilliseconds, double GradientShareOfPeak, double HvpShareOfPeak)
{
    /// <summary>
    /// Peak, gradient and product take turns, so that what else the machine does hits all three, and are timed by the processor time of the
    /// thread; operations are counted by <see cref="IInnerProblem.Flops"/>: what the algorithm needs, without padding.
    /// </summary>
    public static ConvnetBenchmark Measure(int minibatchSize, int rounds, CancellationToken cancellation)
    {
        using var problem = new ConvnetProblem(ConvnetShape.Paper, minibatchSize);
        int length = problem.Layout.PaddedLength;
        using var w = new AlignedBuffer(length);
        using var v = new AlignedBuffer(length);
        using var result = new AlignedBuffer(length);
        using var x = new AlignedBuffer((long)minibatchSize * problem.InputLength);
        var random = new RandomStream(1, RandomPurpose.InnerInitialization);
        problem.Initialize(ref random, w.Span);
        problem.Initialize(ref random, v.Span);
        random.FillNormal(x.Span);
        int[] y = new int[minibatchSize];
        for (int i = 0; i < y.Length; i++) y[i] = random.NextInt32(10);

        var (gradientFlops, productFlops) = problem.Flops(minibatchSize);
        double[] peak = new double[rounds], gradient = new double[rounds], product = new double[rounds];
        for (int round = -2; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            double p = FmaPeak.Measure();
            double g = Seconds(() => problem.LossAndGradient(w.Span, new Minibatch(x.Span, y), result.Span));
            double h = Seconds(() => problem.AddHessianVectorProduct(w.Span, v.Span, new Minibatch(x.Span, y), result.Span));
            // The first rounds warm up.
            if (round >= 0) (peak[round], gradient[round], product[round]) = (p, g, h);
        }

        return new ConvnetBenchmark(
            minibatchSize,
            Median(peak),
            1e3 * Median(gradient),
            1e3 * Median(product),
            Median([.. gradient.Zip(peak, (t, p) => gradientFlops / t / 1e9 / p)]),
            Median([.. product.Zip(peak, (t, p) => productFlops / t / 1e9 / p)]));
    }

    private static double Seconds(Action action)
    {
        double start = ProcessorClock.Seconds();
        action();
        return ProcessorClock.Seconds() - start;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
