using System.Net;
using System.Net.Http.Headers;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Security;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace LoptCluster.Coordinator.Tests;

public sealed class WebPortTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task Metrics_WithTokens_NeedAReadersToken()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification, o => o with { Web = "127.0.0.1:0", Tokens = new CoordinatorTokens("w", "r", "o") });

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(coordinator.Web + "/metrics"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(coordinator.Web + "/metrics", "wrong"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(coordinator.Web + "/metrics", "w"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(coordinator.Web + "/metrics", "r"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(coordinator.Web + "/metrics", "o"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(coordinator.Web + "/healthz"));
    }

    [Fact]
    public async Task Build_ReadsAndWatchesNoFileOfTheCurrentFolder()
    {
        using var folder = new TemporaryFolder();
        var options = new CoordinatorOptions { RunDirectory = folder.Path, Specification = SmallRun.Specification, Listen = "127.0.0.1:0" };

        await using var app = CoordinatorProgram.Build(options);

        Assert.DoesNotContain(((IConfigurationRoot)app.Configuration).Providers, p => p is FileConfigurationProvider);
    }

    /// <summary>Such settings would open another port in place of those of the options, past the rules of --listen.</summary>
    [Fact]
    public async Task Build_OfTheEnvironment_TakesWhatTheExportersNeedAlone()
    {
        using var folder = new TemporaryFolder();
        var options = new CoordinatorOptions { RunDirectory = folder.Path, Specification = SmallRun.Specification, Listen = "127.0.0.1:0" };
        string[] names = ["PREFERHOSTINGURLS", "Kestrel__Endpoints__Other__Url", "OTEL_LOPT_TEST"];
        foreach (string name in names) Environment.SetEnvironmentVariable(name, "false");
        try
        {
            await using var app = CoordinatorProgram.Build(options);

            Assert.Equal(
                [null, null, "false"],
                new[] { "preferHostingUrls", "Kestrel:Endpoints:Other:Url", "OTEL_LOPT_TEST" }.Select(key => app.Configuration[key]));
        }
        finally
        {
            foreach (string name in names) Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public async Task Metrics_CountersAreThereBeforeTheirFirstEvent()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification, o => o with { Web = "127.0.0.1:0" });

        string text = await Http.GetStringAsync(new Uri(coordinator.Web + "/metrics"));

        foreach (string name in (string[])["lopt_samples_total", "lopt_refusals_total", "lopt_workers_lost_total",
            "lopt_outer_updates_total"])
            Assert.Contains($"\n{name}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GrpcPort_HasNoMetrics()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification, o => o with { Web = "127.0.0.1:0" });
        using var request = new HttpRequestMessage(HttpMethod.Get, coordinator.Address + "/metrics")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal(HttpStatusCode.NotFound, (await Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public void Web_OpenToOthersUnguarded_IsRefusedByItsOption()
    {
        using var folder = new TemporaryFolder();
        var options = new CoordinatorOptions
        {
            RunDirectory = folder.Path,
            Specification = SmallRun.Specification,
            Listen = "127.0.0.1:0",
            Web = "0.0.0.0:0",
        };
        Assert.StartsWith(
            "--web 0.0.0.0:0 can be reached",
            Assert.Throws<UserErrorException>(() => CoordinatorProgram.Build(options)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Web_PortInUse_IsAUsersErrorThatNamesTheOption()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(
            first, SmallRun.Specification, o => o with { Web = "127.0.0.1:0" });
        string taken = new Uri(coordinator.Web!).Authority;
        var options = new CoordinatorOptions
        {
            RunDirectory = second.PathOf("run"),
            Specification = SmallRun.Specification,
            Listen = "127.0.0.1:0",
            Web = taken,
        };

        var error = await Assert.ThrowsAsync<UserErrorException>(() => CoordinatorProgram.RunAsync(options, CancellationToken.None));

        Assert.StartsWith($"--web '{taken}' cannot be opened", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(options.RunDirectory));
    }

    private static async Task<HttpStatusCode> StatusAsync(string address, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await Http.SendAsync(request)).StatusCode;
    }
}
