using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Numerics;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>How near an inner-problem comes to the core's peak: gradient and Hessian-vector product as shares of it.</summary>
/// <param name="MinibatchSize">Examples in a minibatch.</param>
/// <param name="FmaPeakGflops">Median of the peaks measured between the others.</param>
/// <param name="GradientMilliseconds">Loss and gradient, median.</param>
/// <param name="HvpMilliseconds">Hessian-vector product with its primal computed anew, median.</param>
/// <param name="GradientShareOfPeak">Median over rounds of (operations / time) / peak of the same round.</param>
/// <param name="HvpShareOfPeak">Likewise.</param>
public sealed record ProblemBenchmark(
    int MinibatchSize, double FmaPeakGflops, double GradientMilliseconds, double HvpMilliseconds, double GradientShareOfPeak, double HvpShareOfPeak)
{
    /// <summary>A round repeats what takes less than this, so that the clock's own cost does not count.</summary>
    private const double LeastSeconds = 1e-3;

    /// <summary>
    /// Peak, gradient and product take turns, so that what else the machine does hits all three, and are timed by the processor time of the
    /// thread; operations are counted by <see cref="IInnerProblem.Flops"/>: what the algorithm needs, without padding.
    /// </summary>
    public static ProblemBenchmark Measure(IInnerProblem problem, int rounds, CancellationToken cancellation)
    {
        int minibatchSize = problem.MaxMinibatch, length = problem.Layout.PaddedLength;
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
        int repeats = 1;
        for (int round = -2; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            double p = FmaPeak.Measure();
            double g = Seconds(repeats, () => problem.LossAndGradient(w.Span, new Minibatch(x.Span, y), result.Span));
            double h = Seconds(repeats, () => problem.AddHessianVectorProduct(w.Span, v.Span, new Minibatch(x.Span, y), result.Span));

            // The first rounds warm up.
            if (round >= 0) (peak[round], gradient[round], product[round]) = (p, g, h);
            else repeats = Math.Max(1, (int)(LeastSeconds / g));
        }

        return new ProblemBenchmark(
            minibatchSize,
            Median(peak),
            1e3 * Median(gradient),
            1e3 * Median(product),
            Median([.. gradient.Zip(peak, (t, p) => gradientFlops / t / 1e9 / p)]),
            Median([.. product.Zip(peak, (t, p) => productFlops / t / 1e9 / p)]));
    }

    private static double Seconds(int repeats, Action action)
    {
        double start = ProcessorClock.Seconds();
        for (int i = 0; i < repeats; i++) action();
        return (ProcessorClock.Seconds() - start) / repeats;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
