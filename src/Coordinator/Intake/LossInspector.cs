using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Intake;

/// <summary>
/// Checks that the losses of a sample are such as an engine measures. Gradients are formed from them, so that one wrong loss would move
/// all of θ.
/// </summary>
/// <param name="count">Losses of a sample: sides that the estimator unrolls.</param>
/// <param name="cap">Cap on the loss of an inner-step, nats.</param>
/// <param name="tasks">What each problem is: the loss of a torch module may be negative, no other.</param>
internal sealed class LossInspector(int count, double cap, TaskMixture tasks)
{
    /// <returns>What is wrong with the losses; null: nothing.</returns>
    public Refusal? Inspect(GradientSample sample)
    {
        if (sample.Losses.Length != count)
            return new(
                RefusalReason.WrongLength,
                $"the sample has {sample.Losses.Length} losses, the estimator measures {count}");
        if (!sample.Losses.All(double.IsFinite))
            return new(RefusalReason.NotFinite, $"the losses are {string.Join(", ", sample.Losses)}; all must be finite");
        foreach (double loss in sample.Losses)
        {
            if (loss > Most(sample.Steps))
                return new(RefusalReason.Malformed, $"the sample has the loss {loss}; the cap on the loss of an inner-step is {cap}");
            if (loss < 0 && !MayBeNegative(sample))
                return new(RefusalReason.Malformed, $"the sample has the loss {loss}; only a torch module may have one below 0");
        }

        return null;
    }

    /// <summary>What the rounding of a sum of k losses and of its division by k may add to their mean, relative to it.</summary>
    public static double Rounding(int steps) => steps * (1.0 / (1L << 52));

    private double Most(int steps) => cap * (1 + Rounding(steps));

    private bool MayBeNegative(GradientSample sample) =>
        tasks.Draw(sample.Identity.ProblemId).Specification.InnerProblem == InnerProblemKind.Torch;
}
