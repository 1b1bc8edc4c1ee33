using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Batching;

/// <summary>What one outer-update made of a batch. Quantiles are over the parameters.</summary>
internal sealed record OuterUpdate(
    ThetaSnapshot Theta,
    OuterAdamState Adam,
    RpShareState RpShare,
    HistoryEntry History,
    Quantiles VarianceRp,
    Quantiles VarianceEs,
    Quantiles WeightEs,
    double GradientNormRp,
    double GradientNormEs,
    double ClippedFraction,
    double LearningRate);

/// <summary>A batch of samples → eq. (1) → clip → Adam → the next θ, and for which share of its samples g_rp pays. Pure.</summary>
internal sealed class OuterUpdater(RunSpecification specification)
{
    private readonly StalenessRule _staleness = new(specification.Staleness, specification.StalenessLimitUpdates);
    private readonly RpShareOptions _rpShare = RpShareOptions.From(specification);

    /// <param name="samples">In the order that they are merged in.</param>
    /// <param name="theta">θ that they move.</param>
    /// <param name="adam">Adam's state.</param>
    /// <param name="rpShare">What the share of the next θ is chosen by.</param>
    /// <param name="seconds">Training time so far, for the history.</param>
    public OuterUpdate Apply(IReadOnlyList<GradientSample> samples, ThetaSnapshot theta, OuterAdamState adam, RpShareState rpShare, double seconds)
    {
        var merged = GradientMerger.Merge(samples, theta.Length, specification.Estimator, _staleness.Weights(samples, theta.Version));
        var options = new OuterAdamOptions(LearningRate(theta.Version), specification.OuterBeta1, specification.OuterBeta2, specification.OuterEpsilon);
        var (values, state) = OuterAdam.Step(theta.Values.Span, merged.Gradient, specification.GradientClip, adam, options);
        var (share, shareState) = specification.RpShare == RpSharePolicy.Adaptive ? RpShareChooser.Step(merged, samples, rpShare, _rpShare) : (1, rpShare);
        var next = new ThetaSnapshot(theta.Version + 1, values) { RpShare = share };
        var (varianceRp, varianceEs) = (Quantiles.Of(merged.VarianceRp), Quantiles.Of(merged.VarianceEs));
        var history = new HistoryEntry(
            next.Version,
            seconds,
            samples.Average(s => s.MeanLoss),
            samples.Average(s => s.Steps),
            merged.WeightEs.Average(),
            varianceRp.Median,
            varianceEs.Median,
            Norm(merged.Gradient),
            samples.Average(s => (double)(theta.Version - s.ThetaVersion)),
            samples.Count(s => s.RpComputed && !s.RpValid),
            samples.Count(s => s.RpComputed),
            samples.Count);
        double clipped = (double)merged.Gradient.Count(g => Math.Abs(g) > specification.GradientClip) / theta.Length;
        return new OuterUpdate(
            next, state, shareState, history, varianceRp, varianceEs, Quantiles.Of(merged.WeightEs), Norm(merged.MeanRp), Norm(merged.MeanEs), clipped, options.LearningRate);
    }

    /// <summary>Falls linearly from the first update to FinalShare of itself at the last.</summary>
    internal double LearningRate(long version)
    {
        double done = specification.OuterUpdates > 1 ? Math.Min(1, (double)version / (specification.OuterUpdates - 1)) : 0;
        return specification.OuterLearningRate * (1 + (done * (specification.OuterLearningRateFinalShare - 1)));
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}
