using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

/// <summary>
/// Means and variances of the estimators on a problem whose outer-gradient is known: θ is SGD's rate, the unroll is linear. What is
/// estimated is the gradient of the mean over truncations.
/// </summary>
public sealed class EstimatorBiasTests
{
    private const int Steps = 4;
    private const int Truncations = 8;
    private static readonly HyperParameter Rate = OptimizerFamilies.Sgd.Theta.HyperParameters[0];
    private static readonly float Theta = Rate.ToTheta(0.15);

    /// <summary>2 % of the rate: what the perturbation's curvature adds to a mean is far below the errors asked for.</summary>
    private static readonly double Std = Math.Abs(Rate.ToTheta(0.15 * 1.02) - Theta);

    public static TheoryData<Estimator, string> All => new()
    {
        { Estimator.Merged, "rp" },
        { Estimator.Es, "es" },
        { Estimator.Backprop, "backprop" },
        { Estimator.Pes, "pes" },
        { Estimator.Nres, "nres" },
        { Estimator.MergedPes, "rp" },
        { Estimator.MergedNres, "rp" },
    };

    /// <summary>The estimators whose gradient stops at the start of the truncation.</summary>
    public static TheoryData<Estimator, string> Truncated =>
        [.. All.Where(row => row.Data.Item1 is not (Estimator.Pes or Estimator.Nres))];

    [Theory]
    [MemberData(nameof(All))]
    public void Mean_OneTruncation_IsTheTrueGradient(Estimator estimator, string gradient)
    {
        var (mean, error) = Mean(Sample(estimator, gradient, problems: 4000, truncations: 1, Steps * Truncations));
        AssertAgrees(TrueGradient(), mean, error);
    }

    [Theory]
    [InlineData(Estimator.Pes, "pes")]
    [InlineData(Estimator.MergedPes, "pes")]
    [InlineData(Estimator.Nres, "nres")]
    [InlineData(Estimator.MergedNres, "nres")]
    public void Mean_PersistentEstimator_ShortTruncations_IsTheTrueGradient(Estimator estimator, string gradient)
    {
        var (mean, error) = Mean(Sample(estimator, gradient, problems: 20_000, Truncations, Steps));
        AssertAgrees(TrueGradient(), mean, error);
    }

    [Theory]
    [MemberData(nameof(Truncated))]
    public void Mean_TruncatedEstimator_ShortTruncations_IsBiased(Estimator estimator, string gradient)
    {
        var (mean, error) = Mean(Sample(estimator, gradient, problems: 4000, Truncations, Steps));
        AssertAgrees(TruncatedGradient(), mean, error);
        Assert.True(Math.Abs(mean - TrueGradient()) > Math.Max(10 * error, 0.2 * Math.Abs(TrueGradient())), $"{mean} ± {error}");
    }

    /// <summary>ξ is the sum of all perturbations so far, of which the early ones are mere noise to a late truncation.</summary>
    [Fact]
    public void Variance_LaterTruncation_GrowsForPesAndNotForNres()
    {
        Range early = 8..24, late = 72..88;
        double[][] pes = Sample(Estimator.Pes, "pes", problems: 1000, late.End.Value, Steps);
        double[][] nres = Sample(Estimator.Nres, "nres", problems: 1000, late.End.Value, Steps);

        // On average over a period of the targets 80 / 16 = 5 times as many perturbations.
        Assert.InRange(Variance(pes, late) / Variance(pes, early), 3, 7);
        Assert.InRange(Variance(nres, late) / Variance(nres, early), 0.6, 1.6);
    }

    [Fact]
    public void FirstTruncation_OfNres_IsThatOfEs() =>
        Assert.Equal(
            Sample(Estimator.Es, "es", problems: 5, truncations: 1, Steps).SelectMany(g => g),
            Sample(Estimator.Nres, "nres", problems: 5, truncations: 1, Steps).SelectMany(g => g));

    /// <summary>A gradient per problem and truncation.</summary>
    private static double[][] Sample(Estimator estimator, string gradient, int problems, int truncations, int steps)
    {
        using var problem = new TrackingProblem();
        using var optimizer = OptimizerFactory.Create(new RunSpecification { Optimizer = OptimizerKind.Sgd }, problem.Layout);
        using var unroller = new Unroller(problem.Layout, optimizer, new UnrollOptions { Objective = OuterObjective.Train });
        var minibatches = new TrackingProblem.Minibatches();
        var definition = EstimatorRegistry.Find(estimator);
        var options = new EstimatorOptions(new SeededPerturbations(seed: 1, Std), ThetaLength: 1);
        var measuring = definition.Method.CreateEstimator(options, TimeProvider.System);
        var forming = definition.Method.CreateFormation(options);
        float[] start = new float[problem.Layout.PaddedLength];
        start[0] = TrackingProblem.Start;

        double[][] gradients = new double[problems][];
        for (int p = 0; p < problems; p++)
        {
            var state = measuring.Begin(p, int.MaxValue, start, optimizer.StateVectors);
            gradients[p] = new double[truncations];
            for (int j = 0; j < truncations; j++)
            {
                var sample = new GradientSample
                {
                    Identity = state.NextSample,
                    ThetaVersion = 0,
                    StartStep = state.InnerStep,
                    Steps = steps,
                    Losses = [],
                    ProblemFinished = false,
                };
                var measurement = measuring.Step(
                    new EstimatorRequest
                    {
                        State = state,
                        Theta = [Theta],
                        Steps = steps,
                        Problem = problem,
                        Minibatches = minibatches,
                        Unroller = unroller,
                        Gradients = definition.Measured,
                    },
                    CancellationToken.None);
                var formed = forming.Gradients(sample with { Losses = measurement.Losses, Gradients = measurement.Gradients });
                gradients[p][j] = formed.Single(g => g.Estimator.Name == gradient).Values.Span[0];
            }
        }

        return gradients;
    }

    /// <summary>Mean over problems and truncations, and its standard error: the truncations of a problem are not independent.</summary>
    private static (double Mean, double Error) Mean(double[][] gradients)
    {
        double[] perProblem = [.. gradients.Select(g => g.Average())];
        double mean = perProblem.Average();
        double variance = perProblem.Sum(g => (g - mean) * (g - mean)) / (perProblem.Length - 1);
        return (mean, Math.Sqrt(variance / perProblem.Length));
    }

    /// <summary>Mean variance of a range of truncations.</summary>
    private static double Variance(double[][] gradients, Range truncations)
    {
        double sum = 0;
        for (int j = truncations.Start.Value; j < truncations.End.Value; j++)
        {
            double mean = gradients.Average(g => g[j]);
            sum += gradients.Average(g => (g[j] - mean) * (g[j] - mean));
        }

        return sum / (truncations.End.Value - truncations.Start.Value);
    }

    /// <summary>Within four standard errors and what the perturbation's curvature and float32 leave; the error must be small.</summary>
    private static void AssertAgrees(double expected, double mean, double error)
    {
        Assert.True(error < 0.05 * Math.Abs(expected), $"standard error {error} of {expected}");
        Assert.True(Math.Abs(mean - expected) < (4 * error) + (0.005 * Math.Abs(expected)), $"{mean} ± {error} instead of {expected}");
    }

    /// <summary>d/dθ of the mean loss over all steps.</summary>
    private static double TrueGradient() => Slope(theta => Unroll(theta, TrackingProblem.Start, 0, Steps * Truncations).Loss);

    /// <summary>Mean over truncations of d/dθ with the truncation's start held constant.</summary>
    private static double TruncatedGradient()
    {
        double w = TrackingProblem.Start, sum = 0;
        for (int j = 0; j < Truncations; j++)
        {
            (double start, int t0) = (w, j * Steps);
            sum += Slope(theta => Unroll(theta, start, t0, Steps).Loss);
            w = Unroll(Theta, start, t0, Steps).End;
        }

        return sum / Truncations;
    }

    private static double Slope(Func<double, double> loss) => (loss(Theta + 1e-6) - loss(Theta - 1e-6)) / 2e-6;

    private static (double Loss, double End) Unroll(double theta, double w, int t0, int steps)
    {
        double rate = Rate.Transform.FromTheta(theta), sum = 0;
        for (int t = t0; t < t0 + steps; t++)
        {
            double difference = w - TrackingProblem.Target(t);
            sum += 0.5 * difference * difference;
            w -= rate * difference;
        }

        return (sum / steps, w);
    }
}
