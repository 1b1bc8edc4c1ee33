using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Batching;

public sealed class SampleBatchTests
{
    private static readonly RunSpecification Adaptive = SmallRun.Specification with { BatchSamples = 32, RpShare = RpSharePolicy.Adaptive };

    [Fact]
    public void Dequeue_Asynchronous_InOrderOfArrivalAndTheRestWaits()
    {
        var batch = CreateSut(SmallRun.Specification with { BatchSamples = 2 });
        foreach (int lane in (int[])[3, 1, 2]) batch.Add(new QueuedSample(new OpenProblem(lane, lane, 20), Fabricated.Sample(lane, 0), 0));

        Assert.True(batch.IsFull);
        Assert.Equal([3L, 1L], batch.Dequeue().Select(q => q.Sample.Identity.ProblemId));
        Assert.Equal(1, batch.Waiting);
        Assert.False(batch.IsFull);
    }

    [Fact]
    public void Dequeue_Synchronous_InOrderOfLanes()
    {
        var batch = CreateSut(SmallRun.Synchronous with { BatchSamples = 3 });
        foreach (int lane in (int[])[2, 0, 1])
            batch.Add(new QueuedSample(new OpenProblem(10 + lane, lane, 20), Fabricated.Sample(10 + lane, 0), 0));

        Assert.Equal([10L, 11L, 12L], batch.Dequeue().Select(q => q.Sample.Identity.ProblemId));
    }

    [Fact]
    public void Dequeue_ShareOfRp_WaitsForEnoughOfThemAndTakesAllThatCame()
    {
        var batch = CreateSut(Adaptive);
        for (int i = 0; i < 40; i++)
        {
            Assert.False(batch.IsFull);
            batch.Add(Queued(i, rp: i >= 24));
        }

        Assert.True(batch.IsFull);
        batch.Add(Queued(40, rp: true));
        Assert.Equal(40, batch.Dequeue().Count);
        Assert.Equal(1, batch.Waiting);

        for (int i = 0; i < 30; i++) batch.Add(Queued(50 + i, rp: true));
        Assert.False(batch.IsFull);
        batch.Add(Queued(99, rp: false));
        Assert.Equal(Adaptive.BatchSamples, batch.Dequeue().Count);
        Assert.Equal(0, batch.Waiting);

        static QueuedSample Queued(int id, bool rp) =>
            new(new OpenProblem(id, 0, 20), Fabricated.Sample(id, 0) with { Gradients = rp ? [Fabricated.Rp(1, 2, 3)] : [] }, 0);
    }

    private static SampleBatch CreateSut(RunSpecification specification) => new(specification.BatchSamples, IRunMode.Of(specification));
}
