using LoptCluster.Engine.InnerProblems;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Speed of an inner-problem relative to the core's peak: gradient and Hessian-vector product as shares of the peak.</summary>
/// <param name="MinibatchSize">Number of examples in a minibatch.</param>
/// <param name="FmaPeakGflops">Median of the peaks measured in the rounds.</param>
/// <param name="GradientMilliseconds">Median milliseconds of loss and gradient.</param>
/// <param name="HvpMilliseconds">Median milliseconds of a Hessian-vector product that recomputes its primal values.</param>
/// <param name="GradientShareOfPeak">
/// Median over rounds of (operations of the definition / time) / peak of the same round; above 1 if an algorithm saves more than the
/// kernels lose.
/// </param>
/// <param name="HvpShareOfPeak">Share of peak of the Hessian-vector product, defined like <paramref name="GradientShareOfPeak"/>.</param>
/// <param name="GradientExecutedShare">Share of peak of the gradient, counting the operations that the kernels execute.</param>
/// <param name="HvpExecutedShare">Share of peak of the Hessian-vector product, counting the operations that the kernels execute.</param>
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
    /// <summary>
    /// Minimum duration of a measurement, in seconds; shorter work is repeated so that the clock's own cost does not matter.
    /// </summary>
    private const double LeastSeconds = 1e-3;

    private const int FewestRounds = 3;
    private const int MostRounds = 51;

    /// <summary>
    /// Measures peak, gradient and product in turn, so that other load on the machine affects all three, in processor time of the
    /// thread. Operations are counted by <see cref="IInnerProblem.Flops"/> and <see cref="IInnerProblem.ExecutedFlops"/>, without padding.
    /// </summary>
    /// <param name="problem">Problem to measure, with its largest minibatch.</param>
    /// <param name="duration">Approximate time limit: 3 to 51 rounds, after two warm-up rounds.</param>
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
