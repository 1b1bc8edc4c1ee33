using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>
/// What outer-training carries from update to update; with it and the samples, every later θ is determined. A checkpoint stores it.
/// </summary>
/// <param name="Theta">θ and its version.</param>
/// <param name="Plan">What this θ asks of its samples.</param>
/// <param name="Optimizer">State of the outer-optimizer.</param>
/// <param name="RpShare">State of the choice of the share of samples with g_rp.</param>
/// <param name="Average">Average of θ; null: before the first update, or the run keeps none.</param>
public sealed record OuterState(
    ThetaSnapshot Theta, SamplePlan Plan, OuterOptimizerState Optimizer, RpShareState RpShare, ThetaAverage? Average = null)
{
    /// <summary>The state before the first update.</summary>
    public static OuterState Start(ThetaSnapshot theta, IOuterOptimizer optimizer) =>
        new(theta, SamplePlan.All, OuterOptimizerState.Zero(optimizer, theta.Length), RpShareState.Start);

    /// <summary>θ with what it asks of its samples, as workers get it.</summary>
    public PublishedTheta Published => new(Theta, Plan);

    /// <summary>Neither θ nor what the next update starts from is infinite or not a number.</summary>
    public bool IsFinite =>
        Theta.Values.Span.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0
            && Optimizer.Vectors.All(v => v.All(double.IsFinite)) && (Average is null || Average.Sum.All(double.IsFinite));
}
