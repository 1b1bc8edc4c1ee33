using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Cost of an inner-step with the learned optimizer relative to Adam: loss, gradient and update by each, in turn.</summary>
/// <remarks>The paper reports 1.16 for its own implementation (§4.4).</remarks>
/// <param name="Learned">Milliseconds per inner-step with the learned optimizer, by round.</param>
/// <param name="Adam">Milliseconds per inner-step with Adam, by round.</param>
public sealed record InnerStepBenchmark(IReadOnlyList<double> Learned, IReadOnlyList<double> Adam)
{
    public double LearnedMilliseconds => Medians.Of(Learned);

    public double AdamMilliseconds => Medians.Of(Adam);

    /// <summary>Ratio of learned to Adam, median over the rounds.</summary>
    public double Ratio => Medians.Of(Learned.Zip(Adam, (l, a) => l / a));

    /// <param name="problem">Problem to measure, with its largest minibatch.</param>
    /// <param name="rounds">Number of measured rounds, after two warm-up rounds.</param>
    public static InnerStepBenchmark Measure(IInnerProblem problem, int rounds, CancellationToken cancellation)
    {
        var times = OptimizerTimes.Measure(problem, [OptimizerFamilies.Mlp16, OptimizerFamilies.Adam], rounds, cancellation);
        return new InnerStepBenchmark(Milliseconds(times[0]), Milliseconds(times[1]));
    }

    private static double[] Milliseconds(OptimizerTimes times) => [.. times.Steps.Select(seconds => 1e3 * seconds)];
}
