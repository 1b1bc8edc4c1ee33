using Google.Protobuf;
using LoptCluster.Engine.Sampling;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests;

/// <summary>What the engine computes for a small run, and its form on the wire.</summary>
internal static class EngineSamples
{
    /// <summary>Samples of a problem, one for each of these versions of θ, and the state after the last.</summary>
    public static (List<GradientSample> Samples, InnerState State) Compute(
        RunSpecification specification, long problemId, params IEnumerable<long> versions)
    {
        using var slot = new Slot(specification, SmallRun.Dataset);
        var state = slot.Begin(problemId);
        List<GradientSample> samples = [.. versions.Select(v => slot.Measure(state, SmallRun.Theta(v), default))];
        return (samples, state);
    }

    /// <summary>Asserts equality bit for bit, except for the times.</summary>
    public static void AssertSame(GradientSample expected, Sample actual)
    {
        var wire = SampleWire.ToProto(expected, actual.SpecificationHash);
        wire.Seconds = actual.Seconds;
        for (int i = 0; i < wire.Gradients.Count; i++) wire.Gradients[i].Seconds = actual.Gradients[i].Seconds;
        Assert.Equal(wire, actual);
    }

    /// <summary>A state as a message carries it.</summary>
    public static ByteString Bytes(InnerState state) => ByteString.CopyFrom(InnerStateCodec.Encode(state));
}
