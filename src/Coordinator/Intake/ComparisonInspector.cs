using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Intake;

/// <summary>
/// Checks that the result of a part of a comparison comes from the worker that was asked for it, and that its numbers are such as an
/// engine measures: losses within the cap, accuracies within 0 and 1, whole curves, and mean losses that fit them.
/// </summary>
internal sealed class ComparisonInspector(RunSpecification specification)
{
    /// <summary>The points of a curve are rounded to float, each by at most 2⁻²⁴ of itself.</summary>
    private const double CurveRounding = 1e-6;

    private readonly CurveIntervals _intervals = CurveIntervals.Of(specification);
    private readonly bool _mayBeNegative =
        new TaskMixture(specification).Corners().Any(task => task.Specification.InnerProblem == InnerProblemKind.Torch);

    /// <param name="job">The part; null: no part has the result's id.</param>
    /// <param name="workerId">The sender.</param>
    /// <param name="part">Its result.</param>
    /// <returns>What is wrong; null: nothing.</returns>
    public Refusal? Inspect(ComparisonJob? job, string workerId, ComparisonPartReceived part)
    {
        if (job is null || job.Worker != workerId) return Malformed($"part {part.PartId} of the comparison is not assigned to this worker");
        if (part.Losses.Length != ComparisonPartReceived.LossCount)
        {
            return Malformed(
                $"part {job.Id} of the comparison has {part.Losses.Length} losses and accuracies; {ComparisonPartReceived.LossCount} were "
                    + "asked for");
        }

        if (part.Setting < 0 || part.Setting >= job.Trainings)
            return Malformed($"part {job.Id} of the comparison shows setting {part.Setting}; it has {job.Trainings}, counted from 0");
        return OfLosses(job, part) ?? OfCurve(job, part.TrainCurve) ?? OfCurve(job, part.ValidCurve)
            ?? OfMean(job, OuterObjective.Train, part.TrainCurve, part.Result.Losses.TrainMean)
            ?? OfMean(job, OuterObjective.Valid, part.ValidCurve, part.Result.Losses.ValidMean);
    }

    private Refusal? OfLosses(ComparisonJob job, ComparisonPartReceived part)
    {
        foreach (double loss in part.Losses.AsSpan(0, 4))
        {
            if (OfLoss(job, loss, Most(job)) is { } refusal) return refusal;
        }

        foreach (double accuracy in part.Losses.AsSpan(4))
        {
            // NaN: a task without classes, or a run that was left before its end.
            if (accuracy is < 0 or > 1) return Malformed($"part {job.Id} of the comparison has the accuracy {accuracy}; it is from 0 to 1");
        }

        return null;
    }

    private Refusal? OfCurve(ComparisonJob job, float[] curve)
    {
        int points = _intervals.Count(job.InnerSteps);
        if (curve.Length != points)
            return Malformed($"part {job.Id} of the comparison has a curve of {curve.Length} points; {points} were asked for");
        foreach (float loss in curve)
        {
            if (OfLoss(job, loss, (float)Most(job)) is { } refusal) return refusal;
        }

        return null;
    }

    private double Most(ComparisonJob job) => specification.LossCap * (1 + LossInspector.Rounding(job.InnerSteps));

    private Refusal? OfLoss(ComparisonJob job, double loss, double most)
    {
        if (!double.IsFinite(loss))
            return new(RefusalReason.NotFinite, $"part {job.Id} of the comparison has the loss {loss}; all must be finite");
        if (loss > most)
        {
            return Malformed(
                $"part {job.Id} of the comparison has the loss {loss}; the cap on the loss of an inner-step is {specification.LossCap}");
        }

        return loss < 0 && !_mayBeNegative
            ? Malformed($"part {job.Id} of the comparison has the loss {loss}; only a torch module may have one below 0")
            : null;
    }

    /// <summary>
    /// The curves are those of the setting with the best mean of the run's objective, which is the mean that counts. On the other split
    /// another setting may have a better mean; none is worse than that of the curve.
    /// </summary>
    private Refusal? OfMean(ComparisonJob job, OuterObjective split, float[] curve, double mean)
    {
        double sum = 0;
        for (int i = 0, from = 0; i < curve.Length; i++)
        {
            int end = _intervals.End(i, job.InnerSteps);
            sum += (end - from) * (double)curve[i];
            from = end;
        }

        double ofCurve = sum / job.InnerSteps, most = CurveRounding * (1 + Math.Abs(mean));
        bool isOfCurve = split == specification.Objective || job.Trainings == 1;
        return mean - ofCurve > most || (isOfCurve && ofCurve - mean > most)
            ? Malformed($"part {job.Id} of the comparison has the mean loss {mean}, and a curve whose mean is {ofCurve}")
            : null;
    }

    private static Refusal Malformed(string detail) => new(RefusalReason.Malformed, detail);
}
