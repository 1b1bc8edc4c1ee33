using LoptCluster.Coordinator.Sessions;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Intake;

/// <summary>Checks a sample by itself, before it is compared with its problem: bad input is refused by name and changes nothing.</summary>
/// <param name="specificationHash">Hash of this run's specification.</param>
/// <param name="thetaLength">|θ|.</param>
/// <param name="estimator">Estimator of the run: determines the gradients of a sample.</param>
/// <param name="losses">Checks the losses.</param>
internal sealed class SampleInspector(string specificationHash, int thetaLength, EstimatorDefinition estimator, LossInspector losses)
{
    /// <returns>What is wrong with the sample; null: nothing.</returns>
    public Refusal? Inspect(SampleReceived received, long currentVersion)
    {
        var sample = received.Sample;
        if (received.SpecificationHash != specificationHash)
            return new(
                RefusalReason.WrongRun,
                $"the sample's specification hash is '{received.SpecificationHash}', this run's is '{specificationHash}'");
        if ((losses.Inspect(sample) ?? OfGradients(sample)) is { } refusal) return refusal;
        if (sample.ThetaVersion > currentVersion)
            return new(
                RefusalReason.ThetaFromFuture, $"θ version {sample.ThetaVersion} does not exist yet; the newest is {currentVersion}");
        return sample.ThetaVersion < 0 || sample.Steps < 1 || sample.StartStep < 0 || sample.Identity.Truncation < 0
            ? new(RefusalReason.Malformed, Negative(sample))
            : null;
    }

    private Refusal? OfGradients(GradientSample sample)
    {
        for (int i = 0; i < sample.Gradients.Length; i++)
        {
            var gradient = sample.Gradients[i];
            if (!estimator.Measured.Contains(gradient.Estimator))
                return new(
                    RefusalReason.Malformed, $"the sample carries a gradient of '{gradient.Estimator}', which this run does not measure");
            if (sample.Gradients[..i].Any(g => g.Estimator == gradient.Estimator))
                return new(RefusalReason.Malformed, $"the sample carries g_{gradient.Estimator} twice");
            if ((gradient.IsFinite ? OfValues(gradient) : OfNoValues(gradient)) is { } refusal) return refusal;
        }

        return null;
    }

    private Refusal? OfValues(MeasuredGradient gradient)
    {
        var values = gradient.Values.Span;
        if (values.Length != thetaLength)
            return new(RefusalReason.WrongLength, $"g_{gradient.Estimator} has {values.Length} elements, |θ| is {thetaLength}");
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return new(
                    RefusalReason.NotFinite,
                    $"element {i} of g_{gradient.Estimator} is {values[i]} although the gradient is marked finite");
        }

        return null;
    }

    private static Refusal? OfNoValues(MeasuredGradient gradient) => gradient.Values.IsEmpty
        ? null
        : new(
            RefusalReason.Malformed,
            $"g_{gradient.Estimator} has {gradient.Values.Length} elements although it is marked not finite; send none");

    private static string Negative(GradientSample sample) =>
        $"θ version {sample.ThetaVersion}, t0 {sample.StartStep}, k {sample.Steps}, truncation {sample.Identity.Truncation}: none may be "
            + $"negative, and k not zero";
}
