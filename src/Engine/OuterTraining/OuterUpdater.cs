using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.OuterTraining;

/// <summary>
/// The outer-update: a batch of samples → merge (eq. 1) → clip → outer-optimizer → the next θ, and the share of its samples that compute
/// g_rp.
/// </summary>
/// <remarks>The coordinator and <c>lopt verify</c> call the same step.</remarks>
public static class OuterUpdater
{
    /// <summary>A pure step: the state that is given is not changed.</summary>
    /// <param name="state">θ to move, and the state of the outer-optimizer.</param>
    /// <param name="samples">The batch, in the order in which it is summed.</param>
    /// <param name="options">Settings of the run.</param>
    public static OuterUpdate Step(OuterState state, IReadOnlyList<GradientSample> samples, OuterUpdateOptions options)
    {
        var theta = state.Theta;
        var merged = GradientMerger.Merge(
            [.. samples.Select(options.Formation.Gradients)], theta.Length, options.Estimator,
            options.Staleness.Weights(samples, theta.Version));
        double[] clipped = GradientClip.Apply(merged.Gradient, options.GradientClip);
        var (values, optimizer) = options.Optimizer.Step(
            theta.Values.Span, clipped, options.LearningRate(theta.Version), state.Optimizer);
        var (share, rpShare) = options.RpShare is { } choice
            ? RpShareChooser.Step(merged, samples, state.RpShare, choice)
            : (1, state.RpShare);
        long version = theta.Version + 1;
        var plan = new SamplePlan(share, options.Plans.TruncationSteps(version));
        var average = options.ThetaAverageDecay > 0
            ? (state.Average ?? ThetaAverage.Zero(theta.Length)).Step(values, options.ThetaAverageDecay)
            : null;
        var next = new OuterState(new ThetaSnapshot(version, values), plan, optimizer, rpShare, average);
        return new OuterUpdate(next, merged, UpdateFigures.Of(new AppliedBatch(theta, next.Theta, samples, merged, options)));
    }
}
