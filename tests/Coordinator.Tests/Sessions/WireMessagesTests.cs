using LoptCluster.Coordinator.Sessions;
using LoptCluster.Protocol.V1;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Sessions;

public sealed class WireMessagesTests
{
    /// <summary>The run's file keeps them, and totals of the fleet add them up: one peer must not spoil either.</summary>
    [Theory]
    [InlineData(2.5, 2.5)]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(1e308, 0)]
    [InlineData(-1, 0)]
    public void FiguresThatOnlyInform_BeyondAllBounds_AreZero(double sent, double taken)
    {
        var evaluation = new WorkerMessage { Evaluation = new EvaluationResult { Seconds = sent } };
        var heartbeat = new WorkerMessage { Heartbeat = new Heartbeat { InnerStepsPerSecond = sent } };

        Assert.Equal(taken, Assert.IsType<EvaluationReceived>(WireMessages.FromProto(evaluation)).Seconds);
        Assert.Equal(taken, Assert.IsType<HeartbeatReceived>(WireMessages.FromProto(heartbeat)).InnerStepsPerSecond);
    }
}
