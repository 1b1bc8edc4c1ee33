using LoptCluster.Engine.InnerProblems;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>How near an inner-problem comes to the core's peak: gradient and Hessian-vector product as shares of it.</summary>
/// <param name="MinibatchSize">Examples in a minibatch.</param>
/// <param name="FmaPeakGflops">Median of the peaks measured between the others.</param>
/// <param name="GradientMilliseconds">Loss and gradient, median.</param>
/// <param name="HvpMilliseconds">Hessian-vector product with its primal computed anew, median.</param>
/// <param name="GradientShareOfPeak">
/// Median over rounds of (operations of the definition / time) / peak of the same round; over 1 where an algorithm saves more than the kernels lose.
/// </param>
/// <param name="HvpShareOfPeak">Likewise.</param>
/// <param name="GradientExecutedShare">The same of the operations that the kernels do.</param>
/// <param name="HvpExecutedShare">Likewise.</param>
public sealed record ProblemBenchmark(
    int MinibatchSize,
    double FmaPeakGflops,
    double GradientMilliseconds,
    double HvpMilliseconds,
    double GradientShareOfPeak,
    double HvpShareOfPeak,
    double GradientExecutedShare,
    double HvpExecutedShare)
{
    /// <summary>A measurement repeats what takes less than this, so that the clock's own cost does not count.</summary>
    private const double LeastSeconds = 1e-3;

    private const int FewestRounds = 3;
    private const int MostRounds = 51;

    /// <summary>
    /// Peak, gradient and product take turns, so that what else the machine does hits all three, and are timed by the processor time of the
    /// thread; operations are counted by <see cref="IInnerProblem.Flops"/> and <see cref="IInnerProblem.ExecutedFlops"/>, without padding.
    /// </summary>
    /// <param name="problem">With its largest minibatch.</param>
    /// <param name="duration">What it may take, about: 3 to 51 rounds, after two that warm up.</param>
    public static ProblemBenchmark Measure(IInnerProblem problem, TimeSpan duration, CancellationToken cancellation)
    {
        using var data = new ProblemData(problem);
        var flops = problem.Flops(problem.MaxMinibatch);
        var executed = problem.ExecutedFlops(problem.MaxMinibatch);
        List<double> peak = [], gradient = [], product = [];
        int repeats = 1, rounds = FewestRounds;
        for (int round = -2; round < rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            double p = FmaPeak.Measure();
            double g = Seconds(repeats, () => problem.LossAndGradient(data.W.Span, data.Minibatch, data.Result.Span));
            double h = Seconds(repeats, () => problem.AddHessianVectorProduct(data.W.Span, data.V.Span, data.Minibatch, data.Result.Span));
            if (round < 0)
            {
                repeats = Math.Max(1, (int)(LeastSeconds / g));
                rounds = Math.Clamp((int)(duration.TotalSeconds / (repeats * (g + h))), FewestRounds, MostRounds);
                continue;
            }

            peak.Add(p);
            gradient.Add(g);
            product.Add(h);
        }

        return new ProblemBenchmark(
            problem.MaxMinibatch,
            Medians.Of(peak),
            1e3 * Medians.Of(gradient),
            1e3 * Medians.Of(product),
            Share(flops.Gradient, gradient),
            Share(flops.HessianVector, product),
            Share(executed.Gradient, gradient),
            Share(executed.HessianVector, product));

        double Share(double operations, List<double> seconds) => Medians.Of(seconds.Zip(peak, (t, p) => operations / t / 1e9 / p));
    }

    private static double Seconds(int repeats, Action action) => ProcessorClock.SecondsOf(() =>
    {
        for (int i = 0; i < repeats; i++) action();
    }) / repeats;
}
