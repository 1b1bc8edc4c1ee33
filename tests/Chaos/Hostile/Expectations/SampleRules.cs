using Google.Protobuf.Reflection;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile.Expectations;

/// <summary>
/// Which samples the protocol takes: written from protos/lopt/v1 and docs/ARCHITECTURE.md, not from the coordinator's code.
/// </summary>
internal static class SampleRules
{
    private const int OtherBytes = 4096;

    /// <summary>What differs between machines, or informs only.</summary>
    private static readonly string[] Informative = ["Sample.seconds", "Sample.trace_parent", "Gradient.seconds"];

    public static bool IsInformative(FieldDescriptor field) => Informative.Contains($"{field.ContainingType.Name}.{field.Name}");

    /// <summary>Bytes that a sample of the run can have at most.</summary>
    public static bool IsTooLarge(Sample sample, Victim victim) =>
        sample.CalculateSize() > OtherBytes + (sizeof(float) * victim.ThetaLength);

    /// <summary>Whether nobody can tell the sample from one that an honest worker measured there.</summary>
    public static bool IsPlausible(Sample sample, Sample honest, Victim victim) =>
        (sample.ProblemId, sample.Truncation, sample.StartStep, sample.Steps, sample.ThetaVersion, sample.AssignmentId)
            == (honest.ProblemId, honest.Truncation, honest.StartStep, honest.Steps, honest.ThetaVersion, honest.AssignmentId)
        && sample.SpecificationHash == honest.SpecificationHash
        // A state that is no longer finite ends its problem early.
        && (sample.ProblemFinished || !honest.ProblemFinished)
        && sample.Losses.Count == 2 && sample.Losses.All(l => l >= 0 && l <= victim.Specification.LossCap)
        && sample.Gradients.Count == 1 && IsPlausible(sample.Gradients[0], victim);

    private static bool IsPlausible(Sample.Types.Gradient gradient, Victim victim) =>
        gradient.Estimator == "rp"
        && (gradient.Outcome == Sample.Types.Outcome.Finite
            ? gradient.Values.Count == victim.ThetaLength && gradient.Values.All(float.IsFinite)
            : gradient.Values.Count == 0);
}
