using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using LoptCluster.Protos.V1;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Hosting;

public sealed class HealthTests
{
    [Fact]
    public async Task Health_ServesUntilItDrains()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator);
        var health = new Health.HealthClient(coordinator.Channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest())).Status);

        await coordinator.Operations.DrainAsync(new DrainRequest());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest())).Status);
        await worker.SayGoodbyeAsync();
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

        foreach (string name in (string[])["lopt.v1.OuterTraining", "lopt.v1.ThetaService", "lopt.v1.Operations", "grpc.health.v1.Health"]) Assert.Contains(name, names);
    }
}
