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
        Assert.Equal(3, queue.TryDequeue()!.Evaluation.EvaluationId);
        Assert.Equal(5, queue.TryDequeue()!.Evaluation.EvaluationId);
        Assert.Null(queue.TryDequeue());
    }

    [Fact]
    public void Clear_ForgetsWhatWaits()
    {
        var queue = CreateSut(3);
        queue.Clear();
        Assert.Null(queue.TryDequeue());
    }

    private static EvaluationQueue CreateSut(params IEnumerable<long> ids)
    {
        var queue = new EvaluationQueue();
        foreach (long id in ids) queue.Enqueue(new EvaluationAssignment(id, ClassSplit.OuterTrain, 1, null));
        return queue;
    }
}
