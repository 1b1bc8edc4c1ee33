using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.Batching;

/// <summary>A sample that is refused: why, and what was expected.</summary>
internal readonly record struct Refusal(RejectReason Reason, string Detail);

/// <summary>Looks at a sample before anything is made of it: bad input is refused by name and changes nothing.</summary>
internal sealed class SampleInspector(string specificationHash, int thetaLength)
{
    /// <returns>Null: nothing is wrong with it.</returns>
    public Refusal? Inspect(Sample sample, long currentVersion)
    {
        if (sample.SpecificationHash != specificationHash)
            return new(RejectReason.WrongRun, $"the sample's specification hash is '{sample.SpecificationHash}', this run's is '{specificationHash}'");
        if (sample.GradientEs.Count != thetaLength)
            return new(RejectReason.WrongLength, $"g_es has {sample.GradientEs.Count} elements, |θ| is {thetaLength}");
        if (sample.RpValid && sample.GradientRp.Count != thetaLength)
            return new(RejectReason.WrongLength, $"g_rp has {sample.GradientRp.Count} elements, |θ| is {thetaLength}");
        if (sample.RpValid && !sample.RpComputed)
            return new(RejectReason.Malformed, "g_rp is said to be valid and not to be computed");
        if (!sample.RpValid && sample.GradientRp.Count != 0)
            return new(RejectReason.Malformed, $"g_rp has {sample.GradientRp.Count} elements although it is said to be invalid; send none");
        if (!double.IsFinite(sample.PositiveLoss) || !double.IsFinite(sample.NegativeLoss))
            return new(RejectReason.NotFinite, $"L⁺ = {sample.PositiveLoss}, L⁻ = {sample.NegativeLoss}; both must be finite");
        if (FirstNotFinite(sample.GradientEs) is { } es)
            return new(RejectReason.NotFinite, $"element {es} of g_es is {sample.GradientEs[es]}");
        if (FirstNotFinite(sample.GradientRp) is { } rp)
            return new(RejectReason.NotFinite, $"element {rp} of g_rp is {sample.GradientRp[rp]} although it is said to be valid");
        if (sample.ThetaVersion > currentVersion)
            return new(RejectReason.ThetaFromFuture, $"θ version {sample.ThetaVersion} does not exist yet; the newest is {currentVersion}");
        return sample.ThetaVersion < 0 || sample.Steps < 1 || sample.StartStep < 0 || sample.Truncation < 0
            ? new(RejectReason.Malformed, $"θ version {sample.ThetaVersion}, t0 {sample.StartStep}, k {sample.Steps}, truncation {sample.Truncation}: none may be negative, k not zero")
            : null;
    }

    private static int? FirstNotFinite(IReadOnlyList<float> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (!float.IsFinite(values[i])) return i;
        }

        return null;
    }
}
