using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Fleet;

/// <summary>How much the messages of a run can hold: more is dropped before it waits for the run loop.</summary>
internal sealed class MessageBounds(RunSpecification specification)
{
    /// <summary>Everything of a sample but its gradients.</summary>
    private const int SampleBytes = 4096;

    private readonly int _mostSampleBytes = SampleBytes + (sizeof(float) * OptimizerFamilies.Of(specification.Optimizer).Theta.Length
        * EstimatorRegistry.Find(specification.Estimator).Measured.Length);

    /// <summary>A wrong number is refused with its evaluation, as long as it takes little memory.</summary>
    private readonly int _mostLosses = specification.EvaluationTasks + 4096;

    /// <summary>Numbers of the result of a part of a comparison, likewise.</summary>
    private readonly int _mostNumbers = CurveIntervals.Of(specification).Count(specification.LongestInnerSteps()) + 4096;

    /// <returns>The message, or in its place what is wrong with its size.</returns>
    public IncomingMessage Check(IncomingMessage message) => message switch
    {
        SampleReceived { Bytes: var bytes } when bytes > _mostSampleBytes =>
            TooLarge($"a sample of {bytes} bytes", _mostSampleBytes, "bytes"),
        AuditReceived { Sample.Bytes: var bytes } when bytes > _mostSampleBytes =>
            TooLarge($"a sample of {bytes} bytes", _mostSampleBytes, "bytes"),
        EvaluationReceived e when Math.Max(e.MeanLosses.Count, e.FinalLosses.Count) is var count && count > _mostLosses =>
            TooLarge($"an evaluation of {count} tasks", specification.EvaluationTasks, "tasks"),
        ComparisonPartReceived p when Math.Max(Math.Max(p.TrainCurve.Length, p.ValidCurve.Length), p.Losses.Length) is var count
            && count > _mostNumbers => TooLarge($"a part of a comparison with {count} numbers", _mostNumbers, "in one curve"),
        _ => message,
    };

    private static TooLargeReceived TooLarge(string what, int most, string unit) =>
        new(new(RefusalReason.WrongLength, $"the message is {what}; this run has at most {most} {unit}"));
}
