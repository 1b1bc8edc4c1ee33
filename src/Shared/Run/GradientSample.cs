using System.Collections.Immutable;

namespace LoptCluster.Shared.Run;

/// <summary>What a worker measured on one truncation of one inner-problem (Algorithm 1).</summary>
/// <remarks>
/// Gradients that are functions of the losses (g_es) are not part of a sample: they are formed where samples are merged, from the losses
/// and the counter-based generator. Arrays are handed over and not modified afterwards.
/// </remarks>
public sealed record GradientSample
{
    public required SampleIdentity Identity { get; init; }

    /// <summary>Version of the θ that the sample was computed at.</summary>
    public required long ThetaVersion { get; init; }

    /// <summary>t0: inner-step that the truncation starts from.</summary>
    public required int StartStep { get; init; }

    /// <summary>k: inner-steps of the truncation.</summary>
    public required int Steps { get; init; }

    /// <summary>
    /// L of each unrolled side, mean over k steps of min(loss, cap), in the estimator's order; L⁺, L⁻ for an antithetic pair.
    /// </summary>
    public required ImmutableArray<double> Losses { get; init; }

    /// <summary>Gradients that needed the unroll; empty if none was computed.</summary>
    public ImmutableArray<MeasuredGradient> Gradients { get; init; } = [];

    /// <summary>The problem ended with this truncation: t reached its horizon, or its state is no longer finite.</summary>
    public required bool ProblemFinished { get; init; }

    /// <summary>Time that the slot took to compute the sample.</summary>
    public TimeSpan Elapsed { get; init; }

    public double MeanLoss => Losses.Average();

    /// <summary>Inner-steps of all sides.</summary>
    public long UnrolledSteps => (long)Steps * Losses.Length;

    /// <summary>The gradient that an estimator measured; null if it was not computed.</summary>
    public MeasuredGradient? Measured(EstimatorId estimator)
    {
        foreach (var gradient in Gradients)
        {
            if (gradient.Estimator == estimator) return gradient;
        }

        return null;
    }
}
