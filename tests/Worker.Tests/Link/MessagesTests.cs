using LoptCluster.Engine.Datasets;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Link;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Link;

public sealed class MessagesTests
{
    private static readonly HandedBackState State = new(7, 3, 30, [1, 2], [3]);

    [Fact]
    public void Problem_WithoutState_StartsAtTheBeginning()
    {
        var assignment = CoordinatorMessages.FromProto(new InnerProblem { ProblemId = 7, NotBeforeVersion = 4 });
        Assert.Equal(new ProblemAssignment(7, new StateOrigin.FromStart(), 4), assignment);
    }

    [Fact]
    public void Problem_HandedBackState_ComesBackAsItWasSent()
    {
        var message = new InnerProblem { ProblemId = 7, State = InnerStateWire.ToProto(State) };
        var origin = Assert.IsType<StateOrigin.HandedBack>(CoordinatorMessages.FromProto(message).Origin);
        Assert.Equivalent(State, origin.State, strict: true);
    }

    [Fact]
    public void Problem_Replay_IsRecomputedFromEachTheta()
    {
        var message = new InnerProblem { ProblemId = 7 };
        message.Replay.Add(new ReplayedTruncation { Truncation = 0, Steps = 12, Theta = ThetaWire.ToProto(SmallRun.Theta(2)) });
        var origin = Assert.IsType<StateOrigin.Recomputed>(CoordinatorMessages.FromProto(message).Origin);
        var past = Assert.Single(origin.Truncations);
        Assert.Equal((12, 2), (past.Steps, past.Theta.Version));
        Assert.True(SmallRun.Theta(2).Values.Span.SequenceEqual(past.Theta.Values.Span));
    }

    [Fact]
    public void Problem_StateOfAnOddNumberOfBytes_IsRefused()
    {
        var blob = InnerStateWire.ToProto(State);
        blob.W = Google.Protobuf.ByteString.CopyFrom(1, 2, 3);
        Assert.Throws<UserErrorException>(() => CoordinatorMessages.FromProto(new InnerProblem { State = blob }));
    }

    [Fact]
    public void Evaluation_WithoutTheta_IsRefused()
    {
        var message = new Protocol.V1.Evaluation { EvaluationId = 5 };
        Assert.Contains("Evaluation 5", Assert.Throws<UserErrorException>(() => CoordinatorMessages.FromProto(message)).Message);
    }

    [Fact]
    public void Evaluation_Baseline_HasNoTheta()
    {
        var message = new Protocol.V1.Evaluation { EvaluationId = 5, Split = EvaluationSplit.OuterTest, Tasks = 3, Baseline = true };
        Assert.Equal(new EvaluationAssignment(5, ClassSplit.OuterTest, 3, null), CoordinatorMessages.FromProto(message));
    }

    [Theory]
    [InlineData(SampleOutcome.Accepted, false)]
    [InlineData(SampleOutcome.Duplicate, false)]
    [InlineData(SampleOutcome.Stale, false)]
    [InlineData(SampleOutcome.Superseded, true)]
    public void Ack_Outcome_DropsTheProblemOnlyIfSuperseded(SampleOutcome outcome, bool superseded)
    {
        var acknowledgement = CoordinatorMessages.FromProto(new Ack { ProblemId = 3, Truncation = 2, Outcome = outcome });
        Assert.Equal(new Acknowledgement(new(3, 2), outcome.ToString(), superseded), acknowledgement);
    }
}
