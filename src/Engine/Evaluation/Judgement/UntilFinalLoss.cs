using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Evaluation.Judgement;

/// <summary>How long θ takes to the loss with which a baseline ends, by task; infinite on tasks where it never gets there.</summary>
/// <remarks>
/// θ is there at the end of the first interval of its learning curve whose mean is at or below the baseline's final loss on the whole
/// split: a mean of many minibatches, so that a lucky one does not count. The final loss of a tuned baseline is the best of its settings.
/// </remarks>
/// <param name="Steps">Inner-steps of θ.</param>
/// <param name="StepsShare">The same as a share of the baseline's T.</param>
/// <param name="Seconds">Time of these steps; NaN if it was not measured.</param>
/// <param name="SecondsShare">The same as a share of the time of the baseline's T inner-steps; NaN if it was not measured.</param>
public sealed record UntilFinalLoss(double[] Steps, double[] StepsShare, double[] Seconds, double[] SecondsShare)
{
    /// <summary>Share of tasks on which θ gets there; NaN without curves.</summary>
    public double ShareReached => (double)Steps.Count(double.IsFinite) / Steps.Length;

    internal static UntilFinalLoss Of(Comparison comparison, ComparedOptimizer baseline, OuterObjective split)
    {
        var learned = comparison.Learned;
        float[][] curves = split == OuterObjective.Valid ? learned.ValidCurves : learned.TrainCurves;
        double[] steps = [.. curves.Select((curve, task) => StepsTo(curve, Final(task), comparison.InnerSteps[task], comparison.Curve))];
        double[] share = [.. steps.Select((s, task) => s / comparison.InnerSteps[task])];
        return new UntilFinalLoss(
            steps,
            share,
            [.. steps.Select((s, task) => s * InnerStepSeconds(learned, task))],
            [.. share.Select((s, task) => s * InnerStepSeconds(learned, task) / InnerStepSeconds(baseline, task))]);

        double Final(int task) => LossMeasure.Final(split).Of(baseline.Losses[task]);
    }

    private static double StepsTo(float[] curve, double loss, int innerSteps, CurveIntervals intervals)
    {
        int point = Array.FindIndex(curve, mean => mean <= loss);
        return point < 0 ? double.PositiveInfinity : intervals.End(point, innerSteps);
    }

    private static double InnerStepSeconds(ComparedOptimizer optimizer, int task) =>
        optimizer.StepTimes.Length == 0 ? double.NaN : optimizer.StepTimes[task].InnerStepSeconds;
}
