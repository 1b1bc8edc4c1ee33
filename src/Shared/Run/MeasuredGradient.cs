namespace LoptCluster.Shared.Run;

/// <summary>A gradient that was measured in the unroll, and therefore travels with its sample.</summary>
/// <param name="Estimator">Estimator that the gradient belongs to.</param>
/// <param name="Outcome">Whether the gradient is finite.</param>
/// <param name="Values">|θ| elements, in outer-loss (nats) per unit of θ; empty unless finite. Owned by the sample.</param>
/// <param name="Elapsed">Part of the sample's time that this gradient took.</param>
public sealed record MeasuredGradient(EstimatorId Estimator, GradientOutcome Outcome, ReadOnlyMemory<float> Values, TimeSpan Elapsed)
{
    public bool IsFinite => Outcome == GradientOutcome.Finite;

    /// <summary>A measured gradient whose outcome is read off its values.</summary>
    public static MeasuredGradient Of(EstimatorId estimator, float[] values, TimeSpan elapsed)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value)) return new MeasuredGradient(estimator, GradientOutcome.NotFinite, default, elapsed);
        }

        return new MeasuredGradient(estimator, GradientOutcome.Finite, values, elapsed);
    }
}
