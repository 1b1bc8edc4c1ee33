using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Worker.Tests.Link;

public sealed class JoinTests
{
    [Fact]
    public async Task Hello_FirstTime_SaysWhoAndWhichEngine()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var worker = RunningWorker.Start(coordinator, slots: 3, token: "secret", id: "me");
        var connection = await coordinator.AcceptAsync();
        Assert.Equal(
            ("me", 3, EngineVersion.Current, SelfCheck.Value, "", ""),
            (connection.Hello.WorkerId, connection.Hello.Slots, connection.Hello.EngineVersion, connection.Hello.SelfCheck,
                connection.Hello.RunId, connection.Hello.DatasetFingerprint));
        Assert.Equal("Bearer secret", connection.Authorization);
    }

    [Fact]
    public async Task Heartbeat_DatasetOpened_CarriesItsFingerprint()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification, slots: 2);
        await using var _ = worker;
        await connection.BarrierAsync();
        Heartbeat heartbeat;
        do heartbeat = await connection.HeartbeatAsync();
        while (heartbeat.DatasetFingerprint.Length == 0);
        Assert.Equal(SmallRun.Dataset.Fingerprint, heartbeat.DatasetFingerprint);
        Assert.Equal([0, 1], heartbeat.Slots.Select(s => s.Slot));
    }

    [Fact]
    public async Task Join_FatalReject_IsTheUsersErrorWithItsDetail()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        await using var worker = RunningWorker.Start(coordinator);
        var connection = await coordinator.AcceptAsync();
        connection.Send(new CoordinatorMessage
        {
            Reject = new Reject
            {
                Fatal = true,
                Reason = RejectReason.WrongEngineVersion,
                Detail = "engine 1 is not 2"
            }
        });
        Assert.Contains("engine 1 is not 2", (await Assert.ThrowsAsync<UserErrorException>(worker.ExitAsync)).Message);
    }

    [Fact]
    public async Task Join_FatalRejectLater_EndsTheWorker()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, SmallRun.Specification);
        await using var _ = worker;
        connection.Send(new CoordinatorMessage
        {
            Reject = new Reject
            {
                Fatal = true,
                Reason = RejectReason.WrongDataset,
                Detail = "other images",
                ProblemId = -1
            }
        });
        Assert.Contains("other images", (await Assert.ThrowsAsync<UserErrorException>(worker.ExitAsync)).Message);
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied)]
    public async Task Join_TokenRefused_NamesTheVariable(StatusCode code)
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync(new CoordinatorScript { RefuseWorkersWith = code });
        await using var worker = RunningWorker.Start(coordinator);
        Assert.Contains("LOPT_WORKER_TOKEN", (await Assert.ThrowsAsync<UserErrorException>(worker.ExitAsync)).Message);
    }

    [Fact]
    public async Task Join_DatasetMissing_IsTheUsersError()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var files = SmallRun.Specification with { Dataset = Shared.Specification.DatasetKind.Files };
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, files);
        await using var _ = worker;
        await connection.GoodbyeAsync();
        string message = (await Assert.ThrowsAsync<UserErrorException>(worker.ExitAsync)).Message;
        Assert.Contains("--data", message);
        Assert.Equal((true, message), (connection.Goodbye!.Failed, connection.Goodbye.Reason));
    }

    [Fact]
    public async Task Join_TorchModule_NamesWhatToStartInstead()
    {
        await using var coordinator = await ScriptedCoordinator.StartAsync();
        var torch = SmallRun.Specification with { InnerProblem = Shared.Specification.InnerProblemKind.Torch, TorchModule = "mine" };
        var (worker, connection) = await RunningWorker.JoinAsync(coordinator, torch);
        await using var _ = worker;
        await connection.GoodbyeAsync();
        string message = (await Assert.ThrowsAsync<UserErrorException>(worker.ExitAsync)).Message;
        Assert.Contains("'mine'", message);
        Assert.Contains("Start the program that contains it", message);
    }

    [Theory]
    [InlineData("nonsense", "is not a URL")]
    [InlineData("ftp://host:1", "is not a URL")]
    [InlineData("http://192.0.2.1:5317", "--insecure")]
    public async Task Start_AddressNotUsable_IsTheUsersError(string address, string says)
    {
        var options = new WorkerOptions { Coordinator = address, Slots = 1 };
        Assert.Contains(says, (await Assert.ThrowsAsync<UserErrorException>(() => WorkerProgram.RunAsync(options, default))).Message);
    }

    [Fact]
    public async Task Start_NoSlots_IsTheUsersError()
    {
        var options = new WorkerOptions { Coordinator = "http://127.0.0.1:1", Slots = 0 };
        Assert.Contains(
            "--slots '0'", (await Assert.ThrowsAsync<UserErrorException>(() => WorkerProgram.RunAsync(options, default))).Message);
    }
}
