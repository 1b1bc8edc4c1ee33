using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Membership;

public sealed class JoinTests
{
    [Fact]
    public async Task Hello_FirstWorker_IsWelcomedWithTheRunAndSetToWork()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);

        Assert.Equal(
            SmallRun.Specification,
            SpecificationJson.Deserialize(
                worker.Welcome.SpecificationJson) with
            {
                HiddenUnits = SmallRun.Specification.HiddenUnits,
                ConvStrides = SmallRun.Specification.ConvStrides
            });
        Assert.Equal(SpecificationJson.Hash(SmallRun.Specification), worker.Welcome.SpecificationHash);
        Assert.Equal(0, worker.Welcome.Theta.Version);
        Assert.Equal(worker.Welcome.ThetaLength, worker.Welcome.Theta.Values.Count);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        Assert.Equal([0, 1, 2, 3], problems.Select(p => p.Id));
        Assert.False(worker.Has(m => m.SetPaused is not null));
    }

    [Fact]
    public async Task Hello_SecondWorker_GetsProblemsOnlyAsTheFirstOnesEnd()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification with { InnerSteps = SmallRun.Steps });
        await using var first = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "a");
        var problems = await first.ProblemsAsync(SmallRun.Batch);
        await using var second = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "b");

        Assert.Equal(SampleOutcome.Accepted, await first.GiveAsync(problems[0].Next(0)));
        Assert.Equal(SampleOutcome.Accepted, await first.GiveAsync(problems[1].Next(0)));

        Assert.Equal([4, 5], (await second.ProblemsAsync(2)).Select(p => p.Id).Order());
        Assert.False(first.Has(m => m.Assignment is not null));
    }

    [Theory]
    [InlineData("engine", RejectReason.WrongEngineVersion)]
    [InlineData("run", RejectReason.WrongRun)]
    [InlineData("id", RejectReason.Malformed)]
    [InlineData("slots", RejectReason.Malformed)]
    [InlineData("self-check", RejectReason.FailedSelfCheck)]
    [InlineData("self-check missing", RejectReason.FailedSelfCheck)]
    [InlineData("held", RejectReason.Malformed)]
    [InlineData("host of 500,000 characters", RejectReason.Malformed)]
    [InlineData("host with escapes", RejectReason.Malformed)]
    [InlineData("id with a line end", RejectReason.Malformed)]
    [InlineData("instance with escapes", RejectReason.Malformed)]
    public async Task Hello_Wrong_IsRefusedForGood(string what, RejectReason reason)
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.HelloAsync(coordinator, hello =>
        {
            if (what == "engine") hello.EngineVersion = "older";
            if (what == "run") hello.RunId = "another";
            if (what == "id") hello.WorkerId = "";
            if (what == "host of 500,000 characters") hello.Host = new string('x', 500_000);
            if (what == "host with escapes") hello.Host = "\u001b[2Jhost";
            if (what == "id with a line end") hello.WorkerId = "a\n00:00:00 info: all is well";
            if (what == "instance with escapes") hello.Instance = "\u001b[2J";
            if (what == "slots") hello.Slots = 0;
            if (what == "self-check") hello.SelfCheck = $"{hello.SelfCheck[..^1]}{(hello.SelfCheck[^1] == '0' ? '1' : '0')}";
            if (what == "self-check missing") hello.SelfCheck = "";
            if (what == "held") hello.Held.AddRange([new HeldProblem { ProblemId = 1 }, new HeldProblem { ProblemId = 1 }]);
        });

        var reject = await worker.ExpectAsync(m => m.Reject);

        Assert.Equal((reason, true), (reject.Reason, reject.Fatal));
        Assert.InRange(reject.Detail.Length, 10, 400);
        Assert.DoesNotContain(reject.Detail, char.IsControl);
        Assert.Null(await worker.EndedAsync());
        var status = await coordinator.StatusAsync(s => s.SamplesRejected.Count > 0);
        Assert.Equal(1, status.SamplesRejected[reason.ToString()]);
        Assert.Equal((reason, reject.Detail), (status.Refusals.Single().Reason, status.Refusals.Single().Detail));
        Assert.DoesNotContain(status.Refusals.Single().WorkerId, char.IsControl);
        // The run goes on for others.
        await using var another = await ScriptedWorker.JoinAsync(coordinator, h => h.WorkerId = "good");
        await another.ProblemAsync();
    }

    [Fact]
    public async Task Join_WithoutHello_IsInvalidArgument()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        using var call = new LoptCluster.Protocol.V1.OuterTraining.OuterTrainingClient(coordinator.Channel).Join();
        await call.RequestStream.WriteAsync(new WorkerMessage { Heartbeat = new Heartbeat() });

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Join_SameWorkerTwice_TheOldConnectionEndsAsUnavailable()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var old = await ScriptedWorker.JoinAsync(coordinator);
        await using var renewed = await ScriptedWorker.JoinAsync(coordinator);

        Assert.Equal(StatusCode.Unavailable, (await old.EndedAsync())?.StatusCode);
    }
}
