using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Sampling;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Membership;

/// <summary>
/// Which images are the run's: the coordinator's own, what two workers agree on, or for the time being those of the first.
/// </summary>
public sealed class FingerprintTests : IDisposable
{
    private static readonly RunSpecification OfFiles = SmallRun.Specification with { Dataset = DatasetKind.Files };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task GeneratedImages_OfAnotherFingerprint_AreRefusedFromTheFirstWorkerOn()
    {
        await using var coordinator = await RunningCoordinator.StartAsync(_folder, SmallRun.Specification);

        var reject = await RejectedAsync(coordinator, "liar", "one");
        await using var honest = await ScriptedWorker.JoinAsync(coordinator, h => h.DatasetFingerprint = SmallRun.Dataset.Fingerprint);

        Assert.Equal((RejectReason.WrongDataset, true), (reject.Reason, reject.Fatal));
        Assert.Contains(
            $"fingerprint one, but the run uses {SmallRun.Dataset.Fingerprint}, as the coordinator has found by itself", reject.Detail);
        await honest.GiveAsync((await honest.ProblemAsync()).Next(0));
    }

    /// <summary>Nobody's word makes honest workers strangers to their own run.</summary>
    [Fact]
    public async Task Layout_OtherThanTheEngines_IsRefusedFromTheFirstWorkerOn()
    {
        using var slot = new Slot(SmallRun.Specification, SmallRun.Dataset);
        await using var coordinator = await RunningCoordinator.StartAsync(_folder, SmallRun.Specification);
        await using var liar = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "liar");
        await liar.SendAsync(Layout("8 parameters"));

        var reject = await liar.ExpectAsync(m => m.Reject);
        await using var honest = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "honest");
        await honest.SendAsync(Layout(slot.LayoutFingerprint()));

        Assert.Equal((RejectReason.WrongInnerProblem, true), (reject.Reason, reject.Fatal));
        Assert.Contains($"8 parameters, but the run's inner-problem has {slot.LayoutFingerprint()}, as the coordinator", reject.Detail);
        Assert.Null(await liar.EndedAsync());
        await honest.GiveAsync((await honest.ProblemAsync()).Next(0));
    }

    [Fact]
    public async Task Layout_ThatTheCoordinatorCannotHave_IsWhatTwoWorkersSay()
    {
        await using var coordinator = await RunningCoordinator.StartAsync(_folder, OfFiles);
        await using var wrong = await ScriptedWorker.JoinAsync(coordinator, Says("wrong", "7 parameters"));
        await using (var refused = await ScriptedWorker.HelloAsync(coordinator, Says("b", "8 parameters")))
            Assert.Equal(RejectReason.WrongInnerProblem, (await refused.ExpectAsync(m => m.Reject)).Reason);

        await using var second = await ScriptedWorker.JoinAsync(coordinator, Says("c", "8 parameters"));
        await using var third = await ScriptedWorker.JoinAsync(coordinator, Says("b", "8 parameters"));
        await wrong.SendAsync(Layout("7 parameters"));

        Assert.Equal(RejectReason.WrongInnerProblem, (await wrong.ExpectAsync(m => m.Reject)).Reason);
    }

    [Fact]
    public async Task Files_TwoWorkersAgree_AnotherIsRefusedForGoodAlsoAfterARestart()
    {
        await using (var coordinator = await RunningCoordinator.StartAsync(_folder, OfFiles))
        {
            await using var first = await JoinAsync(coordinator, "a", "one");
            await using var second = await JoinAsync(coordinator, "b", "one");
            foreach (string other in (string[])["c", "d", "e"])
                Assert.Equal(RejectReason.WrongDataset, (await RejectedAsync(coordinator, other, "two")).Reason);
            await first.GiveAsync((await first.ProblemAsync()).Next(0));
        }

        await using var again = await RunningCoordinator.StartAsync(_folder);
        foreach (string other in (string[])["c", "d", "e"])
            Assert.Equal(RejectReason.WrongDataset, (await RejectedAsync(again, other, "two")).Reason);
    }

    [Fact]
    public async Task Files_FirstWorkerAloneAgainstTwo_IsTheOneThatIsRefused()
    {
        await using var coordinator = await RunningCoordinator.StartAsync(_folder, OfFiles);
        await using var wrong = await JoinAsync(coordinator, "wrong", "one");

        Assert.Equal(RejectReason.WrongDataset, (await RejectedAsync(coordinator, "b", "two")).Reason);
        // The same worker once more is no second voice.
        Assert.Equal(RejectReason.WrongDataset, (await RejectedAsync(coordinator, "b", "two")).Reason);
        await using var second = await JoinAsync(coordinator, "c", "two");
        await using var third = await JoinAsync(coordinator, "b", "two");
        await wrong.SendAsync(new WorkerMessage { Heartbeat = new Heartbeat { DatasetFingerprint = "one" } });

        Assert.Equal(RejectReason.WrongDataset, (await wrong.ExpectAsync(m => m.Reject)).Reason);
        Assert.Null(await wrong.EndedAsync());
        await third.GiveAsync((await third.ProblemAsync()).Next(0));
    }

    /// <summary>The way out when workers with wrong files were the first: the folder decides, and is kept with the run.</summary>
    [Fact]
    public async Task Files_CoordinatorIsGivenThem_ItsOwnDecideWhateverWorkersSaidBefore()
    {
        await using (var coordinator = await RunningCoordinator.StartAsync(_folder, OfFiles))
        {
            await using var first = await JoinAsync(coordinator, "a", "one");
            await using var second = await JoinAsync(coordinator, "b", "one");
            await first.GiveAsync((await first.ProblemAsync()).Next(0));
        }

        using var images = new TemporaryFolder();
        await WriteCifarAsync(images);
        string own = DatasetCatalog.OpenRun(OfFiles, images.Path).Fingerprint;
        await using (var again = await RunningCoordinator.StartAsync(_folder, with: o => o with { DataDirectory = images.Path }))
        {
            Assert.Equal(RejectReason.WrongDataset, (await RejectedAsync(again, "a", "one")).Reason);
            await using var right = await JoinAsync(again, "c", own);
            await right.GiveAsync((await right.ProblemAsync()).Next(0));
        }

        Assert.Equal(own, new RunReader(_folder.Path).Value(RunContext.FingerprintKey));
    }

    /// <summary>CIFAR-10 of 30 images a class: a label and 3,072 bytes each.</summary>
    private static Task WriteCifarAsync(TemporaryFolder folder)
    {
        byte[] records = new byte[10 * 30 * 3073];
        new Random(1).NextBytes(records);
        for (int i = 0; i < 300; i++) records[i * 3073] = (byte)(i % 10);
        return File.WriteAllBytesAsync(folder.PathOf("data_batch_1.bin"), records);
    }

    private static Action<Hello> Says(string worker, string layout) => h => (h.WorkerId, h.LayoutFingerprint) = (worker, layout);

    private static WorkerMessage Layout(string fingerprint) => new() { Heartbeat = new Heartbeat { LayoutFingerprint = fingerprint } };

    private static Task<ScriptedWorker> JoinAsync(RunningCoordinator coordinator, string worker, string dataset) =>
        ScriptedWorker.JoinAsync(coordinator, h => (h.WorkerId, h.DatasetFingerprint) = (worker, dataset));

    private static async Task<Reject> RejectedAsync(RunningCoordinator coordinator, string worker, string dataset)
    {
        await using var refused = await ScriptedWorker.HelloAsync(
            coordinator, h => (h.WorkerId, h.DatasetFingerprint) = (worker, dataset));
        return await refused.ExpectAsync(m => m.Reject);
    }
}
