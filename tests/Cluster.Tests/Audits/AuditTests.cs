using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Audits;

/// <summary>Samples are computed again by other workers: an honest fleet always agrees, and who lies is found by a third.</summary>
public sealed class AuditTests
{
    /// <summary>Problems for every slot of a few workers.</summary>
    private const int Batch = 12;

    private static readonly RunSpecification Audited =
        SmallRun.Specification with { AuditShare = 1, BatchSamples = Batch, OuterUpdates = 1_000_000 };

    [Fact]
    public async Task HonestFleet_EverySampleAudited_AllAgree()
    {
        await using var fleet = new AuditedFleet(Audited);
        await fleet.StartAsync();
        fleet.StartWorker("a", slots: 2);
        fleet.StartWorker("b");

        var found = await fleet.QuarantineAsync(q => q.SamplesAgreed >= 500);

        Assert.Empty(found.Workers);
        Assert.Empty(found.Disputes);
    }

    [Fact]
    public async Task Liar_OneBitOfFewSamples_IsQuarantinedAndTheRunGoesOn()
    {
        await using var fleet = new AuditedFleet(Audited);
        await fleet.StartAsync();
        fleet.StartWorker("a");
        fleet.StartWorker("b");
        var lies = new Lies(oneIn: 20);
        var liar = await fleet.StartLiarAsync("liar", lies);

        string lastWords = await liar.LastWords.WaitAsync(TimeSpan.FromSeconds(120));

        Assert.StartsWith("The coordinator refuses this worker: worker id 'liar' is quarantined since ", lastWords);
        var found = await fleet.QuarantineAsync(q => q.Workers.Count > 0);
        var worker = found.Workers.Single();
        Assert.Equal(("liar", Environment.MachineName), (worker.WorkerId, worker.Host));
        Assert.Matches("recorded by 'liar' on .* and computed alike by '[ab]' on .* and '[ab]' on ", worker.Finding);
        Assert.Matches("1 ulp|elements of g_rp differ", worker.Finding);
        Assert.InRange(lies.Told, 1, 1000);
        var status = await fleet.Coordinator.StatusAsync(s => s.Notices.Any(n => n.Kind == "workers_quarantined"));
        Assert.Contains(status.Notices, n => n.Text.StartsWith("Worker liar on ", StringComparison.Ordinal));
        // What it sent is no longer waiting, and the others go on.
        long version = status.OuterUpdate;
        await fleet.Coordinator.StatusAsync(s => s.OuterUpdate > version + 20);
        // Paused, so that nothing moves between two looks at the file.
        await fleet.Coordinator.Operations.PauseAsync(new PauseRequest());
        fleet.File.AssertConsistent(Batch);
        Assert.Equal(worker.SamplesMerged, fleet.File.Scalar(
            $"SELECT count(*) FROM samples WHERE worker = 'liar' AND received > {worker.AgreedUnixMilliseconds} "
                + "AND merged_update IS NOT NULL"));
        Assert.Equal(0, fleet.File.Scalar("SELECT count(*) FROM samples WHERE worker = 'liar' AND merged_update IS NULL"));
    }

    [Fact]
    public async Task Auditor_ThatLies_IsQuarantinedAndNotWhomItAudits()
    {
        await using var fleet = new AuditedFleet(Audited);
        await fleet.StartAsync();
        fleet.StartWorker("a");
        fleet.StartWorker("b");
        await fleet.StartLiarAsync("liar", Lies.AboutAudits(oneIn: 20));

        var found = await fleet.QuarantineAsync(q => q.Workers.Count > 0 && q.SamplesAgreed > 300);

        Assert.Equal(["liar"], found.Workers.Select(w => w.WorkerId));
    }

    /// <summary>Two that do not agree are both suspect, over a restart too, until a third is there.</summary>
    [Fact]
    public async Task Dispute_OfTwoWorkers_IsDecidedByTheThirdThatComesAfterARestart()
    {
        await using var fleet = new AuditedFleet(Audited);
        await fleet.StartAsync();
        fleet.StartWorker("a");
        await fleet.StartLiarAsync("liar", new Lies(oneIn: 50));
        var disputed = await fleet.QuarantineAsync(q => q.Disputes.Count > 0);
        Assert.Equal(["a", "liar"], disputed.Disputes[0].Parties.Select(p => p.WorkerId).Order());
        Assert.NotEmpty(disputed.Disputes[0].Difference);
        Assert.Empty(disputed.Workers);
        var status = await fleet.Coordinator.StatusAsync(s => s.Notices.Any(n => n.Kind == "samples_disputed"));
        Assert.Contains(status.Notices, n => n.Text.EndsWith("Another worker is needed to decide; start one.", StringComparison.Ordinal));

        await fleet.StartAsync();
        Assert.NotEmpty((await fleet.QuarantineAsync()).Disputes);
        fleet.StartWorker("third");

        var found = await fleet.QuarantineAsync(q => q.Workers.Count > 0);
        Assert.Equal(["liar"], found.Workers.Select(w => w.WorkerId));
    }

    [Fact]
    public async Task Quarantine_HoldsForIdAndHostOverARestart_UntilItIsLifted()
    {
        await using var fleet = new AuditedFleet(Audited);
        await fleet.StartAsync();
        fleet.StartWorker("a");
        fleet.StartWorker("b");
        await (await fleet.StartLiarAsync("liar", new Lies(oneIn: 10))).LastWords;
        await fleet.StartAsync();

        Assert.Contains("worker id 'liar' is quarantined", await fleet.StartWorker("liar").LastWords, StringComparison.Ordinal);
        Assert.Contains(
            $"host '{Environment.MachineName}' is, with worker id 'liar', quarantined", await fleet.StartWorker("again").LastWords,
            StringComparison.Ordinal);
        var request = new LiftQuarantineRequest { WorkerId = "a" };
        var error = await Assert.ThrowsAsync<RpcException>(async () => await fleet.Coordinator.Operations.LiftQuarantineAsync(request));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        request.WorkerId = "liar";
        Assert.Empty((await fleet.Coordinator.Operations.LiftQuarantineAsync(request)).Workers);
        fleet.StartWorker("again");
        fleet.StartWorker("liar");
        await fleet.Coordinator.StatusAsync(s => s.Workers.Count(w => w.Samples > 0) == 4);
    }

    [Fact]
    public async Task Synchronous_AuditedOrNot_IsTheSameBitForBit()
    {
        var specification = SmallRun.Synchronous with { OuterUpdates = 60 };
        byte[] alone = await TrainAsync(specification, workers: 1);

        Assert.Equal(alone, await TrainAsync(specification with { AuditShare = 1 }, workers: 3));
        Assert.Equal(alone, await TrainAsync(specification with { AuditShare = 0.3 }, workers: 2));
    }

    private static async Task<byte[]> TrainAsync(RunSpecification specification, int workers)
    {
        await using var fleet = new AuditedFleet(specification);
        await fleet.StartAsync();
        for (int i = 0; i < workers; i++) fleet.StartWorker($"w{i}");
        await fleet.Coordinator.StatusAsync(s => s.State == RunState.Finished);
        if (specification.AuditShare == 1) Assert.InRange((await fleet.QuarantineAsync()).SamplesAgreed, 1, long.MaxValue);
        return fleet.File.LastTheta();
    }
}
