using LoptCluster.Engine.Datasets;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Link;
using Xunit;

namespace LoptCluster.Worker.Tests.Link;

public sealed class MessagesTests
{
    [Fact]
    public void Problem_Assignment_HasItsOriginAndEarliestVersion()
    {
        var assignment = CoordinatorMessages.FromProto(
            new InnerProblem { ProblemId = 7, NotBeforeVersion = 4, FromStart = new FromStart() });
        Assert.Equal(new ProblemAssignment(7, StateOrigin.FromStart.Instance, 4), assignment);
    }

    [Fact]
    public void Problem_WithoutOrigin_IsRefused() =>
        Assert.Throws<UserErrorException>(() => CoordinatorMessages.FromProto(new InnerProblem { ProblemId = 7 }));

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
