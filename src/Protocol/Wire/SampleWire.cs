using LoptCluster.Shared.Run;

namespace LoptCluster.Protocol.Wire;

/// <summary>A gradient sample between our record and the protocol.</summary>
public static class SampleWire
{
    public static Protocol.V1.Sample ToProto(GradientSample sample, string specificationHash, string? traceParent = null)
    {
        var message = new Protocol.V1.Sample
        {
            ProblemId = sample.Identity.ProblemId,
            Truncation = sample.Identity.Truncation,
            ThetaVersion = sample.ThetaVersion,
            StartStep = sample.StartStep,
            Steps = sample.Steps,
            PositiveLoss = sample.PositiveLoss,
            NegativeLoss = sample.NegativeLoss,
            RpComputed = sample.RpComputed,
            RpValid = sample.RpValid,
            Seconds = sample.Elapsed.TotalSeconds,
            RpSeconds = sample.ElapsedRp.TotalSeconds,
            ProblemFinished = sample.ProblemFinished,
            SpecificationHash = specificationHash,
            TraceParent = traceParent ?? "",
        };
        if (sample.RpValid) message.GradientRp.AddRange(sample.GradientRp.ToArray());
        message.GradientEs.AddRange(sample.GradientEs.ToArray());
        return message;
    }

    public static GradientSample FromProto(Protocol.V1.Sample message) => new()
    {
        Identity = new SampleIdentity(message.ProblemId, message.Truncation),
        ThetaVersion = message.ThetaVersion,
        StartStep = message.StartStep,
        Steps = message.Steps,
        PositiveLoss = message.PositiveLoss,
        NegativeLoss = message.NegativeLoss,
        RpComputed = message.RpComputed,
        RpValid = message.RpValid,
        GradientRp = message.GradientRp.ToArray(),
        GradientEs = message.GradientEs.ToArray(),
        ProblemFinished = message.ProblemFinished,
        Elapsed = Seconds(message.Seconds),
        ElapsedRp = Seconds(message.RpSeconds),
    };

    /// <summary>A time that a peer claims: anything odd becomes zero, as times are for people only.</summary>
    private static TimeSpan Seconds(double seconds) => seconds is > 0 and < 1e8 ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
}
