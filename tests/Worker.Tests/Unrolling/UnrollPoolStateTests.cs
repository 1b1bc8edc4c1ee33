using System.Threading.Channels;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Reports;
using LoptCluster.Worker.Unrolling;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class UnrollPoolStateTests
{
    private static readonly EvaluationAssignment Evaluation = new(1, ClassSplit.OuterTest, 1, null);

    private readonly Channel<OutboundMessage> _connection = Channel.CreateUnbounded<OutboundMessage>();

    [Fact]
    public void TryDequeue_NothingToDo_SaysSo()
    {
        Assert.False(CreateSut().TryDequeue(out var work));
        Assert.Null(work);
    }

    [Fact]
    public void TryDequeue_Closing_EndsTheSlotWhateverWaits()
    {
        var state = CreateSut(problems: 1);
        state.Evaluations.Enqueue(Evaluation);
        state.Closing = true;
        Assert.True(state.TryDequeue(out var work));
        Assert.Null(work);
    }

    [Fact]
    public void TryDequeue_EvaluationAndProblem_GivesTheEvaluationFirst()
    {
        var state = CreateSut(problems: 1);
        state.Evaluations.Enqueue(Evaluation);
        Assert.Equal(new WorkItem.Evaluate(Evaluation), Dequeue(state));
        Assert.IsType<WorkItem.Unroll>(Dequeue(state));
    }

    [Fact]
    public void TryDequeue_OutboxFull_GivesEvaluationsOnly()
    {
        var state = CreateSut(problems: 1);
        for (int i = 0; i < 5; i++) state.Outbox.Enqueue(Samples.Measured(Samples.Of(9, i)));
        Assert.False(state.TryDequeue(out _));
        state.Evaluations.Enqueue(Evaluation);
        Assert.Equal(new WorkItem.Evaluate(Evaluation), Dequeue(state));
    }

    [Theory]
    [InlineData(RunMode.Asynchronous, true)]
    [InlineData(RunMode.Synchronous, false)]
    public void Complete_SameTheta_AllowsTheNextSampleByRunMode(RunMode mode, bool again)
    {
        var state = CreateSut(problems: 1, mode);
        Assert.True(state.Complete(DequeueProblem(state), Samples.Measured(Samples.Of(0, 0))));
        Assert.Equal(again, state.TryDequeue(out _));
        state.Problems.UpdateTheta(SmallRun.Theta(1));
        Assert.Equal(!again, state.TryDequeue(out _));
    }

    [Fact]
    public void Complete_RevokedMeanwhile_SendsNothing()
    {
        var state = CreateSut(problems: 1);
        var problem = DequeueProblem(state);
        state.Revoke(0);
        Assert.False(state.Complete(problem, Samples.Measured(Samples.Of(0, 0))));
        Assert.True(state.Outbox.IsEmpty);
    }

    [Fact]
    public void Assign_HeldProblem_ReplacesItAndDropsItsSamples()
    {
        var state = CreateSut(problems: 1);
        state.Complete(DequeueProblem(state), Samples.Measured(Samples.Of(0, 0)));
        state.Assign(new ProblemAssignment(0, StateOrigin.FromStart.Instance, 0));
        Assert.True(state.Outbox.IsEmpty);
        Assert.Equal([new ProblemPosition(0, 0, 0)], state.Positions);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Acknowledge_Superseded_DropsTheProblem(bool superseded, int held)
    {
        var state = CreateSut(problems: 1);
        state.Complete(DequeueProblem(state), Samples.Measured(Samples.Of(0, 0)));
        state.Acknowledge(new Acknowledgement(new SampleIdentity(0, 0), "outcome", superseded));
        Assert.True(state.Outbox.IsEmpty);
        Assert.Equal(held, state.Problems.Count);
    }

    [Fact]
    public void Positions_OpenAndFinished_AreBothReported()
    {
        var state = CreateSut(problems: 2);
        state.Complete(DequeueProblem(state), Samples.Measured(Samples.Of(0, 3, finished: true)));
        Assert.Equal([new(1, 0, 0), new ProblemPosition(0, 4, 40)], state.Positions);
    }

    [Fact]
    public void Announce_SecondSlot_SendsNothingMore()
    {
        var state = CreateSut();
        state.Outbox.Connect(_connection.Writer);
        Assert.True(_connection.Reader.TryRead(out _));
        state.Announce(new Fingerprints("data", "layout"));
        state.Announce(new Fingerprints("data", "layout"));
        Assert.Equal(new Fingerprints("data", "layout"), state.Fingerprints);
        Assert.True(_connection.Reader.TryRead(out var status));
        Assert.IsType<OutboundMessage.StatusDue>(status);
        Assert.False(_connection.Reader.TryRead(out _));
    }

    /// <summary>One slot, θ version 0, and problems 0, 1, … from their start.</summary>
    private static UnrollPoolState CreateSut(int problems = 0, RunMode mode = RunMode.Asynchronous)
    {
        var state = new UnrollPoolState(slots: 1) { Run = new JoinedRun("run", SmallRun.Long with { Mode = mode }, "hash") };
        state.Problems.UpdateTheta(SmallRun.Theta(0));
        for (int id = 0; id < problems; id++) state.Assign(new ProblemAssignment(id, StateOrigin.FromStart.Instance, 0));
        return state;
    }

    private static WorkItem? Dequeue(UnrollPoolState state)
    {
        Assert.True(state.TryDequeue(out var work));
        return work;
    }

    private static HeldProblem DequeueProblem(UnrollPoolState state) => Assert.IsType<WorkItem.Unroll>(Dequeue(state)).Problem;
}
