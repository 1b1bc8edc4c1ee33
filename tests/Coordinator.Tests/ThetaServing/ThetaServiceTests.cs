using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.ThetaServing;

public sealed class ThetaServiceTests
{
    [Fact]
    public async Task GetTheta_ByVersionLatestAndUnknown()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        foreach (var problem in await worker.ProblemsAsync(SmallRun.Batch)) await worker.GiveAsync(problem.Next(0));

        var first = await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Version = 0 });
        var latest = await coordinator.LatestAsync();
        var unknown = await Assert.ThrowsAsync<RpcException>(
            async () => await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Version = 2 }));
        var best = await Assert.ThrowsAsync<RpcException>(
            async () => await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Best = true }));

        Assert.Equal(worker.Welcome.Theta, first.Theta);
        Assert.Equal(
            (1, worker.Welcome.RunId, worker.Welcome.SpecificationHash), (latest.Theta.Version, latest.RunId, latest.SpecificationHash));
        Assert.Equal(latest.Theta.Values, ThetaWire.SnapshotFromProto(latest.Theta).Values.ToArray());
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("0 to 1", unknown.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.NotFound, best.StatusCode);
    }

    [Fact]
    public async Task WatchTheta_SendsTheCurrentAndEachNewerOneThenEndsWithTheCoordinator()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        using var watch = coordinator.Theta.WatchTheta(new WatchThetaRequest());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(0, watch.ResponseStream.Current.Theta.Version);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        for (int version = 0; version < 3; version++)
        {
            foreach (var problem in problems) await worker.GiveAsync(problem.Next(version));
            Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(version + 1, watch.ResponseStream.Current.Theta.Version);
        }

        await worker.SayGoodbyeAsync();
        var end = Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None));
        // Well below the thirty seconds that the host would wait for a stream that does not end.
        await coordinator.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(StatusCode.Unavailable, (await end).StatusCode);
    }

    [Fact]
    public async Task WatchTheta_RunFinishes_EndsAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification with { OuterUpdates = 2 });
        using var watch = coordinator.Theta.WatchTheta(new WatchThetaRequest());
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var problems = await worker.ProblemsAsync(SmallRun.Batch);
        for (int version = 0; version < 2; version++)
        {
            foreach (var problem in problems) await worker.GiveAsync(problem.Next(version));
        }

        var seen = await AllAsync(watch);
        Assert.Equal((2, true), (seen[^1].Theta.Version, seen[^1].RunFinished));
        Assert.DoesNotContain(seen[..^1], response => response.RunFinished);

        // Whoever comes later gets the last θ, and is told at once.
        using var late = coordinator.Theta.WatchTheta(new WatchThetaRequest());
        var only = Assert.Single(await AllAsync(late));
        Assert.Equal((2, true), (only.Theta.Version, only.RunFinished));
    }

    [Fact]
    public async Task GetTheta_WithFiles_SendsTheFileAndTheCardOfThisTheta()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);

        var response = await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Latest = true, Files = true });

        string path = folder.PathOf("pulled.safetensors");
        await File.WriteAllBytesAsync(path, response.Files.Safetensors.ToByteArray());
        await File.WriteAllTextAsync(ThetaCard.PathOf(path), response.Files.CardJson);
        var content = ThetaFile.Read(path);
        Assert.Equal(response.Theta.Values, content.Theta.Values.ToArray());
        Assert.Equal(UpdateConstants.Of(SmallRun.Specification), content.Constants);
        Assert.Equal(SmallRun.Specification.StepScale, ThetaCard.ReadSpecification(path)!.StepScale);
        Assert.Null((await coordinator.LatestAsync()).Files);

        using var watch = coordinator.Theta.WatchTheta(new WatchThetaRequest { Files = true });
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(response.Files, watch.ResponseStream.Current.Files);
    }

    private static async Task<List<GetThetaResponse>> AllAsync(AsyncServerStreamingCall<GetThetaResponse> watch)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var all = new List<GetThetaResponse>();
        await foreach (var response in watch.ResponseStream.ReadAllAsync(limit.Token)) all.Add(response);
        return all;
    }
}
