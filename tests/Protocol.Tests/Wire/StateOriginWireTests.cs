using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Xunit;

namespace LoptCluster.Protocol.Tests.Wire;

public sealed class StateOriginWireTests
{
    [Fact]
    public void FromStart_ThereAndBack_IsFromStart() => Assert.IsType<StateOrigin.FromStart>(ThereAndBack(StateOrigin.FromStart.Instance));

    [Fact]
    public void HandedBack_ThereAndBack_IsTheSameState()
    {
        var state = new InnerState
        {
            ProblemId = 3,
            Horizon = 50,
            InnerStep = 20,
            NextTruncation = 4,
            Particles = [new Particle([1, 2], [3, 4, 5, 6])],
        };
        var back = Assert.IsType<StateOrigin.HandedBack>(ThereAndBack(new StateOrigin.HandedBack(state)));

        Assert.Equal((3, 50, 20, 4), (back.State.ProblemId, back.State.Horizon, back.InnerStep, back.NextTruncation));
        Assert.Equal(state.Particles[0].M, back.State.Particles[0].M);
    }

    [Fact]
    public void Recomputed_ThereAndBack_IsTheSameTruncations()
    {
        var theta = new ThetaSnapshot(9, new float[] { 1, 2 });
        var origin = new StateOrigin.Recomputed(
            [new RecomputedTruncation(7, theta), new RecomputedTruncation(5, theta with { Version = 10 })]);
        var back = Assert.IsType<StateOrigin.Recomputed>(ThereAndBack(origin));

        Assert.Equal([(7, 9L), (5, 10L)], back.Truncations.Select(t => (t.Steps, t.Theta.Version)));
        Assert.Equal((2, 12), (back.NextTruncation, back.InnerStep));
        Assert.Equal(theta.Values.ToArray(), back.Truncations[0].Theta.Values.ToArray());
    }

    [Fact]
    public void Of_MessageWithoutOrigin_IsRefused() =>
        Assert.Contains(
            "'8'",
            Assert.Throws<UserErrorException>(() => StateOriginWire.Of(new V1.InnerProblem { ProblemId = 8 })).Message,
            StringComparison.Ordinal);

    private static StateOrigin ThereAndBack(StateOrigin origin)
    {
        var message = new V1.InnerProblem { ProblemId = 3 };
        StateOriginWire.Set(message, origin);
        return StateOriginWire.Of(V1.InnerProblem.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(message)));
    }
}
