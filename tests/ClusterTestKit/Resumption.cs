using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Sampling;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.ClusterTestKit;

/// <summary>
/// A problem that changes its worker half-way: by its state, which a leaving worker hands back and the coordinator passes on, and by
/// recomputation from the versions of θ, after the worker was killed.
/// </summary>
public static class Resumption
{
    private const int Truncations = 4;
    private const long Problem = 5;

    /// <summary>Asserts that both go on with the very bits of the undisturbed problem, wherever it changes its worker.</summary>
    public static void AssertExact(RunSpecification specification, IRunImages images, IInnerProblemSource? problems = null)
    {
        var initial = OptimizerFactory.InitialTheta(specification);
        using Slot undisturbed = CreateSlot(), other = CreateSlot();
        var state = undisturbed.Begin(Problem);
        var expected = new List<Sample>();
        var handedBack = new List<byte[]>();
        for (int truncation = 0; truncation < Truncations; truncation++)
        {
            expected.Add(Wire(undisturbed.Measure(state, Theta(truncation), default)));
            handedBack.Add(InnerStateCodec.Encode(state));
        }

        for (int at = 0; at < Truncations - 1; at++)
        {
            // Something else in between: the slot of the next worker is not fresh.
            other.Measure(other.Begin(Problem + 1 + at), Theta(9), default);
            var passedOn = InnerStateCodec.Decode(handedBack[at]);
            Assert.Null(other.MismatchOf(passedOn));
            var recomputed = other.Begin(Problem);
            for (int truncation = 0; truncation <= at; truncation++)
                other.Recompute(recomputed, Theta(truncation).Theta, expected[truncation].Steps, default);
            Assert.Equal(handedBack[at], InnerStateCodec.Encode(recomputed));
            for (int truncation = at + 1; truncation < Truncations; truncation++)
            {
                Assert.Equal(expected[truncation], Wire(other.Measure(passedOn, Theta(truncation), default)));
                Assert.Equal(expected[truncation], Wire(other.Measure(recomputed, Theta(truncation), default)));
            }
        }

        Slot CreateSlot() => new(specification, images, problems: problems);

        PublishedTheta Theta(long version) => new(
            new ThetaSnapshot(version, initial.Select(v => v * (1 + (0.01f * version))).ToArray()), SamplePlan.All);
    }

    /// <summary>The sample as it travels, without its times.</summary>
    private static Sample Wire(GradientSample sample)
    {
        var wire = SampleWire.ToProto(sample, "");
        wire.Seconds = 0;
        foreach (var gradient in wire.Gradients) gradient.Seconds = 0;
        return wire;
    }
}
