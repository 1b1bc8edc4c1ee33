using LoptCluster.Engine.Datasets;
using LoptCluster.Worker.Assignments;
using LoptCluster.Worker.Unrolling;
using Xunit;

namespace LoptCluster.Worker.Tests.Unrolling;

public sealed class EvaluationQueueTests
{
    [Fact]
    public void TryDequeue_Several_GivesThemInOrder()
    {
        var queue = CreateSut(3, 5);
        Assert.Equal(3, Assert.IsType<WorkItem.Evaluate>(queue.TryDequeue()).Evaluation.EvaluationId);
        Assert.Equal(5, Assert.IsType<WorkItem.Evaluate>(queue.TryDequeue()).Evaluation.EvaluationId);
        Assert.Null(queue.TryDequeue());
    }

    [Fact]
    public void Clear_ForgetsWhatWaits()
    {
        var queue = CreateSut(3);
        queue.Clear();
        Assert.Null(queue.TryDequeue());
    }

    [Fact]
    public void Clear_GivesUpThePartThatIsComputedAndNotTheNext()
    {
        var queue = CreateSut();
        queue.Enqueue(new ComparisonAssignment(7, 0, null, null));
        var computed = Assert.IsType<WorkItem.Compare>(queue.TryDequeue());
        Assert.False(computed.Abandon.IsCancellationRequested);

        queue.Clear();

        Assert.True(computed.Abandon.IsCancellationRequested);
        queue.Enqueue(new ComparisonAssignment(7, 0, null, null));
        Assert.False(Assert.IsType<WorkItem.Compare>(queue.TryDequeue()).Abandon.IsCancellationRequested);
    }

    private static EvaluationQueue CreateSut(params IEnumerable<long> ids)
    {
        var queue = new EvaluationQueue();
        foreach (long id in ids) queue.Enqueue(new EvaluationAssignment(id, ClassSplit.OuterTrain, 1, null));
        return queue;
    }
}
