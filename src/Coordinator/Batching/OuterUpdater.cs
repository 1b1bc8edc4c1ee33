using LoptCluster.Coordinator.RunStore;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Samples;
using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Theta;

namespace LoptCluster.Coordinator.Batching;

/// <summary>What one outer-update made of a batch. Quantiles are over the parameters.</summary>
internal sealed record OuterUpdate(
    ThetaSnapshot Theta,
    OuterAdamState Adam,
    HistoryEntry History,
    Quantiles VarianceRp,
    Quantiles VarianceEs,
    Quantiles WeightEs,
    double GradientNormRp,
    double GradientNormEs,
    double ClippedFraction,
    double LearningRate);

/// <summary>A batch of samples → eq. (1) → clip → Adam → the next θ. Pure.</summary>
internal sealed class OuterUpdater(RunSpecification specification)
{
    private readonly StalenessRule _staleness = new(specification.Staleness, specification.StalenessLimitUpdates);

    /// <param name="samples">In the order that they are merged in.</param>
    /// <param name="theta">θ that they move.</param>
    /// <param name="adam">Adam's state.</param>
    /// <param name="seconds">Training time so far, for the history.</param>
    public OuterUpdate Apply(IReadOnlyList<GradientSample> samples, ThetaSnapshot theta, OuterAdamState adam, double seconds)
    {
        var merged = GradientMerger.Merge(samples, theta.Length, specification.Estimator, _staleness.Weights(samples, theta.Version));
        var options = new OuterAdamOptions(LearningRate(theta.Version), specification.OuterBeta1, specification.OuterBeta2, specification.OuterEpsilon);
        var (values, state) = OuterAdam.Step(theta.Values.Span, merged.Gradient, specification.GradientClip, adam, options);
        var next = new ThetaSnapshot(theta.Version + 1, values);
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
            samples.Count(s => s.RpComputed && !s.RpValid));
        double clipped = (double)merged.Gradient.Count(g => Math.Abs(g) > specification.GradientClip) / theta.Length;
        return new OuterUpdate(
            next, state, history, varianceRp, varianceEs, Quantiles.Of(merged.WeightEs), Norm(merged.MeanRp), Norm(merged.MeanEs), clipped, options.LearningRate);
    }

    /// <summary>Falls linearly from the first update to FinalShare of itself at the last.</summary>
    internal double LearningRate(long version)
    {
        double done = specification.OuterUpdates > 1 ? Math.Min(1, (double)version / (specification.OuterUpdates - 1)) : 0;
        return specification.OuterLearningRate * (1 + (done * (specification.OuterLearningRateFinalShare - 1)));
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
}
