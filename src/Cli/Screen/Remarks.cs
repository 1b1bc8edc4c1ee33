using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Screen;

/// <summary>What is odd about a run at this moment, in words; "" when nothing is.</summary>
/// <remarks>The coordinator's own message goes first: it sees more. These need only a status, so they also work from afar.</remarks>
internal static class Remarks
{
    /// <summary>Outer-updates before a loss that has not moved deserves a remark.</summary>
    private const int Patience = 30;

    /// <param name="specification">Null where only the status is known.</param>
    public static string For(ScreenRun view, RunSpecification? specification)
    {
        if (view.Message != "") return view.Message;
        if (view.State == RunState.WaitingForWorkers) return "No worker is connected; training waits.";
        if (view.State == RunState.Paused) return "Paused: workers finish what they have and wait.";
        if (view.State == RunState.Draining) return "Draining: workers hand back the state of their problems.";
        if (view.Workers.FirstOrDefault(worker => worker.IsLost) is { } lost)
            return $"Worker {lost.WorkerId} is lost; its problems are held for a moment, then go to others.";
        return specification is null || view.OuterUpdate < Patience ? "" : OfLoss(view, specification);
    }

    private static string OfLoss(ScreenRun view, RunSpecification specification)
    {
        if (view.OuterLossAverage is not { } loss) return "";
        if (loss > 0.9 * specification.LossCap)
        {
            return specification.Estimator == Estimator.Rp
                ? "Nearly every inner-training explodes. g_rp alone cannot mend that (§2.3); estimator=merged or es can."
                : "Nearly every inner-training explodes (losses at the cap). It may recover; a smaller outerLearningRate helps.";
        }

        double chance = Math.Log(specification.TaskClasses);
        if (specification.InnerProblem != InnerProblemKind.Quadratic && Math.Abs(loss - chance) < 0.01 * chance)
            return $"The loss stands at ln {specification.TaskClasses}: inner-training learns nothing yet. Such a dead start can last a minute.";

        if (view.SamplesAccepted > 0 && view.SamplesRpInvalid > view.SamplesAccepted / 2 && specification.Estimator == Estimator.Rp)
            return "Most g_rp are not finite: truncations have become too long for them (§2.3). estimator=merged goes on with g_es.";
        if (view.WeightEs > 0.9 && specification.Estimator == Estimator.Merged)
            return "g_rp has become so noisy that g_es does nearly all the work (Fig. 4).";
        return "";
    }
}
