namespace LoptCluster.Shared.Run;

/// <summary>A sample's identity: counted at most once.</summary>
public readonly record struct SampleIdentity(long ProblemId, int Truncation);

/// <summary>One sample of both estimators (Algorithm 1): from one truncation of one inner-problem.</summary>
/// <remarks>Gradients have |θ| elements, in outer-loss (nats) per unit of θ. Arrays are handed over and never touched again.</remarks>
public sealed record GradientSample
{
    public required SampleIdentity Identity { get; init; }

    /// <summary>Version of the θ that the sample was computed at.</summary>
    public required long ThetaVersion { get; init; }

    /// <summary>t0: inner-step that the truncation starts from.</summary>
    public required int StartStep { get; init; }

    /// <summary>k: inner-steps unrolled.</summary>
    public required int Steps { get; init; }

    /// <summary>L⁺: mean over k steps of min(loss, cap), at θ + e.</summary>
    public required double PositiveLoss { get; init; }

    /// <summary>L⁻, at θ − e.</summary>
    public required double NegativeLoss { get; init; }

    /// <summary>Whether g_rp was computed; false if the estimator does not use it, or this sample skips it (<c>rpShare</c>).</summary>
    public required bool RpComputed { get; init; }

    /// <summary>Whether g_rp is finite. A sample whose g_rp exploded still counts with its g_es.</summary>
    public required bool RpValid { get; init; }

    /// <summary>Empty unless <see cref="RpValid"/>.</summary>
    public required ReadOnlyMemory<float> GradientRp { get; init; }

    /// <summary>g_es: costs nothing beyond the two losses, so every sample has it.</summary>
    public required ReadOnlyMemory<float> GradientEs { get; init; }

    /// <summary>t reached the problem's horizon with this truncation.</summary>
    public required bool ProblemFinished { get; init; }

    /// <summary>Time that the slot took to compute the sample.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The part of <see cref="Elapsed"/> spent on g_rp.</summary>
    public TimeSpan ElapsedRp { get; init; }

    public double MeanLoss => 0.5 * (PositiveLoss + NegativeLoss);
}
