using LoptCluster.Engine.Sampling;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;
using HeldState = LoptCluster.Engine.Unrolling.InnerState;

namespace LoptCluster.Worker.Tests;

/// <summary>What the engine computes for a small run, and its form on the wire.</summary>
internal static class EngineSamples
{
    /// <summary>Samples of a problem, one for each of these versions of θ, and the state after the last.</summary>
    public static (List<GradientSample> Samples, HeldState State) Compute(
        RunSpecification specification, long problemId, params IEnumerable<long> versions)
    {
        using var slot = new Slot(specification, SmallRun.Dataset);
        var state = slot.Begin(problemId);
        List<GradientSample> samples = [.. versions.Select(v => slot.Sample(state, SmallRun.Theta(v), default))];
        return (samples, state);
    }

    /// <summary>Asserts equality bit for bit, except for the times.</summary>
    public static void AssertSame(GradientSample expected, Sample actual)
    {
        var wire = SampleWire.ToProto(expected, actual.SpecificationHash);
        wire.Seconds = actual.Seconds;
        wire.RpSeconds = actual.RpSeconds;
        Assert.Equal(wire, actual);
    }

    public static InnerStateBlob Blob(HeldState state) => new()
    {
        ProblemId = state.ProblemId,
        NextTruncation = state.NextTruncation,
        InnerStep = state.InnerStep,
        W = FloatBytes.Pack(state.W),
        M = FloatBytes.Pack(state.M),
    };
}
