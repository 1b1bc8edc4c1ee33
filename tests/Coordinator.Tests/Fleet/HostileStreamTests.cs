using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Fleet;

/// <summary>Streams of peers that no program of ours opens: each ends with a status that says why, and the run goes on.</summary>
public sealed class HostileStreamTests
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);

    private static readonly Method<byte[], byte[]> Join = new(MethodType.DuplexStreaming, "lopt.v1.OuterTraining", "Join", Raw, Raw);

    [Fact]
    public async Task Stream_WithoutHello_EndsAfterAWhile()
    {
        using var folder = new TemporaryFolder();
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification, time: time);
        using var call = coordinator.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(Join, null, new CallOptions());
        var answer = call.ResponseStream.MoveNext(CancellationToken.None);
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(answer, Task.Delay(20));
        }

        var status = (await Assert.ThrowsAsync<RpcException>(() => answer)).Status;
        Assert.Equal(StatusCode.DeadlineExceeded, status.StatusCode);
        Assert.Equal("No Hello came within 10 s. It must be the first message.", status.Detail);
    }

    [Fact]
    public async Task BytesThatAreNoMessage_AsTheFirst_AreRefused()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        using var call = coordinator.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(Join, null, new CallOptions());

        await call.RequestStream.WriteAsync([0xFF, 0xFF, 0xFF, 0x01, 0x02]);

        Assert.Equal(StatusCode.InvalidArgument, (await EndAsync(call)).StatusCode);
        await AssertGoesOnAsync(coordinator);
    }

    [Fact]
    public async Task BytesThatAreNoMessage_AfterHello_AreRefused()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        using var call = coordinator.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(Join, null, new CallOptions());
        var hello = new Hello
        {
            WorkerId = "raw",
            Host = "host",
            Slots = 1,
            EngineVersion = Shared.EngineVersion.Current,
            SelfCheck = SelfCheck.Value,
        };
        await call.RequestStream.WriteAsync(Google.Protobuf.MessageExtensions.ToByteArray(new WorkerMessage { Hello = hello }));

        await call.RequestStream.WriteAsync([0x12, 0x7F, 0x01]);

        var status = await EndAsync(call);
        Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
        Assert.StartsWith("The bytes are no message of this protocol: ", status.Detail, StringComparison.Ordinal);
        await AssertGoesOnAsync(coordinator);
    }

    [Fact]
    public async Task MessageAboveTheLimit_EndsTheStream()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "large");
        byte[] data = new byte[ProtocolLimits.LargestMessageToCoordinatorBytes];

        var message = new WorkerMessage { StateChunk = new StateChunk { Data = Google.Protobuf.ByteString.CopyFrom(data) } };
        await Record.ExceptionAsync(() => worker.SendAsync(message));

        // Cancelled: the answer came while the message was still being written.
        Assert.Contains((await worker.EndedAsync())!.StatusCode, (StatusCode[])[StatusCode.ResourceExhausted, StatusCode.Cancelled]);
        await AssertGoesOnAsync(coordinator);
    }

    [Fact]
    public async Task SampleLargerThanTheRuns_IsRefusedWithoutItsContent()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var sample = (await worker.ProblemAsync()).Next(0);
        sample.Losses.AddRange(new double[10_000]);

        await worker.SendAsync(sample);

        var reject = await worker.ExpectAsync(m => m.Reject);
        Assert.Equal((RejectReason.WrongLength, false), (reject.Reason, reject.Fatal));
        Assert.Matches("^the message is a sample of 8[0-9]{4} bytes; this run has at most [0-9]+ bytes$", reject.Detail);
    }

    [Theory]
    [InlineData(1024L, 16, 1, 224)]
    [InlineData(4096L, 16, 1, 3296)]
    [InlineData(4096L, 16, 100, 2108)]
    [InlineData(1_000_000L, 16, 1, 24_000)]
    [InlineData(null, 16, 1, 24_000)]
    [InlineData(1_000_000L, 1, 1, 6553)]
    public void MostConnections_LeaveDescriptorsAndMemoryForTheProcess(long? openFiles, long gibibytes, int runs, int expected) =>
        Assert.Equal(expected, ConnectionLimits.Most(openFiles, gibibytes << 30, runs));

    [Fact]
    public void Descriptors_TooFewToServe_AreRefusedWithWhatToDo()
    {
        ConnectionLimits.Check(1024, 1);
        ConnectionLimits.Check(null, 1000);

        var refusal = Assert.Throws<UserErrorException>(() => ConnectionLimits.Check(320, 1));
        Assert.StartsWith(
            "This process may have 320 files and connections open; a coordinator needs at least 1,024,",
            refusal.Message,
            StringComparison.Ordinal);
        var ofStudy = Assert.Throws<UserErrorException>(() => ConnectionLimits.Check(2_000, 100));
        Assert.Contains("; a coordinator of 100 runs needs at least 2,212,", ofStudy.Message, StringComparison.Ordinal);
    }

    private static async Task<Grpc.Core.Status> EndAsync(AsyncDuplexStreamingCall<byte[], byte[]> call)
    {
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }

            return call.GetStatus();
        }
        catch (RpcException e)
        {
            return e.Status;
        }
    }

    private static async Task AssertGoesOnAsync(RunningCoordinator coordinator)
    {
        await using var worker = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "honest");
        var problem = await worker.ProblemAsync();
        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync(problem.Next(0)));
    }
}
