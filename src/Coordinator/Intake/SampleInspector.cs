using LoptCluster.Coordinator.Sessions;
using LoptCluster.Shared.Run;

namespace LoptCluster.Coordinator.Intake;

/// <summary>Checks a sample by itself, before it is compared with its problem: bad input is refused by name and changes nothing.</summary>
internal sealed class SampleInspector(string specificationHash, int thetaLength)
{
    /// <returns>What is wrong with the sample; null: nothing.</returns>
    public Refusal? Inspect(SampleReceived received, long currentVersion)
    {
        var sample = received.Sample;
        ReadOnlySpan<float> rp = sample.GradientRp.Span, es = sample.GradientEs.Span;
        if (received.SpecificationHash != specificationHash)
            return new(RefusalReason.WrongRun, $"the sample's specification hash is '{received.SpecificationHash}', this run's is '{specificationHash}'");
        if (es.Length != thetaLength)
            return new(RefusalReason.WrongLength, $"g_es has {es.Length} elements, |θ| is {thetaLength}");
        if (sample.RpValid && rp.Length != thetaLength)
            return new(RefusalReason.WrongLength, $"g_rp has {rp.Length} elements, |θ| is {thetaLength}");
        if (sample.RpValid && !sample.RpComputed)
            return new(RefusalReason.Malformed, "g_rp is marked valid but not computed");
        if (!sample.RpValid && rp.Length != 0)
            return new(RefusalReason.Malformed, $"g_rp has {rp.Length} elements although it is marked invalid; send none");
        if (!double.IsFinite(sample.PositiveLoss) || !double.IsFinite(sample.NegativeLoss))
            return new(RefusalReason.NotFinite, $"L⁺ = {sample.PositiveLoss}, L⁻ = {sample.NegativeLoss}; both must be finite");
        if (FirstNotFinite(es) is { } i)
            return new(RefusalReason.NotFinite, $"element {i} of g_es is {es[i]}");
        if (FirstNotFinite(rp) is { } j)
            return new(RefusalReason.NotFinite, $"element {j} of g_rp is {rp[j]} although it is marked valid");
        if (sample.ThetaVersion > currentVersion)
            return new(RefusalReason.ThetaFromFuture, $"θ version {sample.ThetaVersion} does not exist yet; the newest is {currentVersion}");
        return sample.ThetaVersion < 0 || sample.Steps < 1 || sample.StartStep < 0 || sample.Identity.Truncation < 0
            ? new(RefusalReason.Malformed, Negative(sample))
            : null;
    }

    private static string Negative(GradientSample sample) =>
        $"θ version {sample.ThetaVersion}, t0 {sample.StartStep}, k {sample.Steps}, truncation {sample.Identity.Truncation}: none may be negative, and k not zero";

    private static int? FirstNotFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i])) return i;
        }

        return null;
    }
}
