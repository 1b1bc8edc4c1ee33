using System.Globalization;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Reporting;

/// <summary>Composes the one notice about the course of training, from the figures of its updates.</summary>
internal sealed class TrainingNotices(RunSpecification specification)
{
    /// <summary>
    /// Every run starts at the loss of chance, and most leave it within ten updates; only one that stays deserves a notice.
    /// </summary>
    private const int LongAtChance = 20;

    /// <summary>
    /// Updates before the weights of the estimators count: the first updates are of short truncations, whose weights mean little.
    /// </summary>
    private const int Patience = 30;

    /// <summary>With more than half of a batch's g_rp not finite, its mean is that of a minority.</summary>
    private const double MostInvalid = 0.5;

    /// <summary>The average loss stands at the cap if so much of it is reached: then at least nine of ten inner-problems diverge.</summary>
    private const double NearlyCap = 0.9;

    /// <summary>Above this weight of the losses' gradient the merged one is the same within the noise of either.</summary>
    private const double NearlyAllWeight = 0.9;

    private readonly EstimatorDefinition _estimator = EstimatorRegistry.Find(specification.Estimator);

    public Notice? Of(RunFacts facts)
    {
        if (facts.Last is not { } last) return null;
        bool invalid = last[UpdateFigureTable.RpInvalidFraction] > MostInvalid;
        if (invalid) return Warning(NoticeKind.GradientRpNotFinite, MeasuredAlone is { } only
            ? $"g_{only} is not finite on most samples and is the only estimator: outer-training has diverged (§2.3). Estimators "
                + "'merged' and 'es' avoid that."
            : $"g_rp is not finite on most samples; g_{_estimator.Weighed} moves θ almost alone (§2.3).");
        if (facts.Trend.OuterLossAverage > NearlyCap * specification.LossCap)
            return Warning(NoticeKind.LossAtCap, MeasuredAlone is { } alone
            ? $"Most inner-problems diverge: the outer-loss stands at its cap. g_{alone} alone cannot recover from that (§2.3); "
                + "estimators 'merged' and 'es' can."
            : "Most inner-problems diverge: the outer-loss stands at its cap. It may recover; a smaller outerLearningRate helps.");
        if (facts.Trend.UpdatesAtChance >= LongAtChance) return Warning(NoticeKind.LossAtChance, AtChance(facts));
        return specification.Estimator.IsMerged() && _estimator.Weighed is { } formed
            && facts.Version >= Patience && last[UpdateFigureTable.Weight[formed]] > NearlyAllWeight
            ? new(
                NoticeKind.GradientEsDominates,
                NoticeSeverity.Information,
                $"g_rp has become so noisy that g_{formed} moves θ almost alone (Fig. 4).")
            : null;
    }

    /// <summary>The gradient of the unroll that moves θ without another; null: θ has one of the losses.</summary>
    private EstimatorId? MeasuredAlone =>
        specification.Estimator is Estimator.Rp or Estimator.Backprop ? _estimator.Measured.Single() : null;

    private string AtChance(RunFacts facts) => string.Create(
        CultureInfo.InvariantCulture,
        $"The outer-loss has stood at ln {Math.Exp(facts.Trend.ChanceLoss):F0} = {facts.Trend.ChanceLoss:F2}, that of chance, for "
            + $"{facts.Trend.UpdatesAtChance} updates: "
        + $"θ does not train its nets yet. This can last a minute and end by itself.");

    private static Notice Warning(NoticeKind kind, string text) => new(kind, NoticeSeverity.Warning, text);
}
