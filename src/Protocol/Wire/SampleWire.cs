using Google.Protobuf;
using LoptCluster.Shared.Run;

namespace LoptCluster.Protocol.Wire;

/// <summary>Maps a gradient sample between our record and the protocol.</summary>
public static class SampleWire
{
    public static V1.Sample ToProto(GradientSample sample, string specificationHash, string? traceParent = null, long assignmentId = 0)
    {
        var message = new V1.Sample
        {
            ProblemId = sample.Identity.ProblemId,
            Truncation = sample.Identity.Truncation,
            ThetaVersion = sample.ThetaVersion,
            StartStep = sample.StartStep,
            Steps = sample.Steps,
            Seconds = sample.Elapsed.TotalSeconds,
            ProblemFinished = sample.ProblemFinished,
            SpecificationHash = specificationHash,
            TraceParent = traceParent ?? "",
            AssignmentId = assignmentId,
        };
        message.Losses.AddRange(sample.Losses);
        message.Gradients.AddRange(sample.Gradients.Select(ToProto));
        return message;
    }

    public static GradientSample FromProto(V1.Sample message) => new()
    {
        Identity = new SampleIdentity(message.ProblemId, message.Truncation),
        ThetaVersion = message.ThetaVersion,
        StartStep = message.StartStep,
        Steps = message.Steps,
        Losses = [.. message.Losses],
        Gradients = [.. message.Gradients.Select(FromProto)],
        ProblemFinished = message.ProblemFinished,
        Elapsed = Seconds(message.Seconds),
    };

    /// <summary>A sample as bytes, for the run store: the message, without the hash of its specification.</summary>
    public static byte[] Encode(GradientSample sample) => ToProto(sample, "").ToByteArray();

    public static GradientSample Decode(byte[] bytes) => FromProto(V1.Sample.Parser.ParseFrom(bytes));

    private static V1.Sample.Types.Gradient ToProto(MeasuredGradient gradient)
    {
        var message = new V1.Sample.Types.Gradient
        {
            Estimator = gradient.Estimator.Name,
            Outcome = gradient.IsFinite ? V1.Sample.Types.Outcome.Finite : V1.Sample.Types.Outcome.NotFinite,
            Seconds = gradient.Elapsed.TotalSeconds,
        };
        message.Values.AddRange(gradient.Values.ToArray());
        return message;
    }

    /// <summary>
    /// An outcome that this release does not know counts as not finite; values that come with it are refused by the inspection.
    /// </summary>
    private static MeasuredGradient FromProto(V1.Sample.Types.Gradient message) => new(
        new EstimatorId(message.Estimator),
        message.Outcome == V1.Sample.Types.Outcome.Finite ? GradientOutcome.Finite : GradientOutcome.NotFinite,
        message.Values.ToArray(),
        Seconds(message.Seconds));

    /// <summary>A duration claimed by a peer; implausible values become zero, because times are informative only.</summary>
    private static TimeSpan Seconds(double seconds) => seconds is > 0 and < 1e8 ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
}
