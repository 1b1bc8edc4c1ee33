using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Security;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Loop;

public sealed class HealthTests
{
    private const HealthCheckResponse.Types.ServingStatus Serving = HealthCheckResponse.Types.ServingStatus.Serving;
    private const HealthCheckResponse.Types.ServingStatus NotServing = HealthCheckResponse.Types.ServingStatus.NotServing;

    [Fact]
    public async Task Health_Draining_IsAliveAndNotReady()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        Assert.Equal((Serving, Serving), await AskAsync(coordinator.Channel));

        await coordinator.Operations.DrainAsync(new DrainRequest());

        Assert.Equal((Serving, NotServing), await AskAsync(coordinator.Channel));
        await worker.SayGoodbyeAsync();
    }

    [Fact]
    public async Task HealthPort_WithTokens_AnswersHealthWithoutOneAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification, o => o with { Health = "127.0.0.1:0", Tokens = new CoordinatorTokens("w", "r", "o") });
        using var channel = GrpcChannel.ForAddress(coordinator.Health!);
        Assert.Equal((Serving, Serving), await AskAsync(channel));

        var operations = new Protocol.V1.Operations.OperationsClient(channel);
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await operations.GetStatusAsync(new GetStatusRequest(), new Metadata { { "authorization", "Bearer r" } }));
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    private static async Task<(
        HealthCheckResponse.Types.ServingStatus Alive, HealthCheckResponse.Types.ServingStatus Ready)> AskAsync(GrpcChannel channel)
    {
        var health = new Health.HealthClient(channel);
        return (
            (await health.CheckAsync(new HealthCheckRequest())).Status,
            (await health.CheckAsync(new HealthCheckRequest { Service = "ready" })).Status);
    }

    [Fact]
    public async Task Reflection_NamesTheServices()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        using var call = new ServerReflection.ServerReflectionClient(coordinator.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).ToList();

        foreach (string name in (string[])["lopt.v1.OuterTraining", "lopt.v1.ThetaService", "lopt.v1.Operations", "grpc.health.v1.Health"])
            Assert.Contains(name, names);
    }
}
