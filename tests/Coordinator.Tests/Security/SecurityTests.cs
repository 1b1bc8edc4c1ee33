using Grpc.Core;
using Grpc.Reflection.V1Alpha;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Security;
using LoptCluster.Engine.Verification;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Security;

public sealed class SecurityTests
{
    private static readonly CoordinatorTokens Tokens = new("worker-secret", "reader-secret", "operator-secret");

    [Theory]
    [InlineData("status", null, StatusCode.Unauthenticated)]
    [InlineData("status", "wrong", StatusCode.Unauthenticated)]
    [InlineData("status", "worker-secret", StatusCode.PermissionDenied)]
    [InlineData("status", "reader-secret", StatusCode.OK)]
    [InlineData("status", "operator-secret", StatusCode.OK)]
    [InlineData("theta", null, StatusCode.Unauthenticated)]
    [InlineData("theta", "worker-secret", StatusCode.PermissionDenied)]
    [InlineData("theta", "reader-secret", StatusCode.OK)]
    [InlineData("history", "worker-secret", StatusCode.PermissionDenied)]
    [InlineData("history", "reader-secret", StatusCode.OK)]
    [InlineData("pause", null, StatusCode.Unauthenticated)]
    [InlineData("pause", "reader-secret", StatusCode.PermissionDenied)]
    [InlineData("pause", "worker-secret", StatusCode.PermissionDenied)]
    [InlineData("pause", "operator-secret", StatusCode.OK)]
    [InlineData("drain", "reader-secret", StatusCode.PermissionDenied)]
    [InlineData("resume", "reader-secret", StatusCode.PermissionDenied)]
    [InlineData("quarantine", "worker-secret", StatusCode.PermissionDenied)]
    [InlineData("quarantine", "reader-secret", StatusCode.OK)]
    [InlineData("lift", null, StatusCode.Unauthenticated)]
    [InlineData("lift", "reader-secret", StatusCode.PermissionDenied)]
    [InlineData("lift", "operator-secret", StatusCode.NotFound)]
    [InlineData("join", null, StatusCode.Unauthenticated)]
    [InlineData("join", "reader-secret", StatusCode.PermissionDenied)]
    [InlineData("join", "operator-secret", StatusCode.PermissionDenied)]
    [InlineData("join", "worker-secret", StatusCode.OK)]
    public async Task Call_ByRole(string call, string? token, StatusCode expected)
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification, o => o with { Tokens = Tokens });

        Assert.Equal(expected, await CallAsync(coordinator, call, token));
    }

    [Fact]
    public async Task NoTokens_OnLoopback_EverythingIsOpen()
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification);
        foreach (string call in (string[])["status", "theta", "history", "pause", "resume", "join"])
            Assert.Equal(StatusCode.OK, await CallAsync(coordinator, call, null));
    }

    [Theory]
    [InlineData("0.0.0.0:0", false, false)]
    [InlineData("0.0.0.0:0", true, false)]
    [InlineData("[::]:5317", false, true)]
    [InlineData("192.168.1.5:5317", false, false)]
    public void Listen_OpenToOthersWithoutTlsAndTokens_IsRefusedWithAllThreeWays(string listen, bool tls, bool tokens)
    {
        var error = Assert.Throws<UserErrorException>(() => Listen(Options(listen, tls, tokens)));
        foreach (string way in (string[])["--tls-cert", "LOPT_WORKER_TOKEN", "127.0.0.1", "--insecure"])
            Assert.Contains(way, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Listen_OpenToOthersWithTlsButNotAllTokens_IsRefused()
    {
        var options = Options("0.0.0.0:0", tls: true, tokens: false) with { Tokens = new CoordinatorTokens(Worker: "w", Operator: "o") };
        Assert.Throws<UserErrorException>(() => Listen(options));
    }

    [Theory]
    [InlineData("127.0.0.1:0", false, false, false)]
    [InlineData("localhost:5317", false, false, false)]
    [InlineData("[::1]:5317", false, false, false)]
    [InlineData("0.0.0.0:5317", true, true, false)]
    [InlineData("0.0.0.0:5317", false, false, true)]
    public void Listen_Allowed(string listen, bool tls, bool tokens, bool insecure) =>
        Assert.NotNull(Listen(Options(listen, tls, tokens) with { Insecure = insecure }));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("127.0.0.1")]
    public void Listen_NoAddress_IsRefusedByName(string listen) =>
        Assert.Contains(
            listen, Assert.Throws<UserErrorException>(() => Listen(Options(listen, false, false))).Message, StringComparison.Ordinal);

    private static System.Net.IPEndPoint Listen(CoordinatorOptions options) =>
        CoordinatorListeners.Allowed("--listen", options.Listen, options);

    [Fact]
    public void Certificate_Missing_IsAUsersError()
    {
        using var folder = new TemporaryFolder();
        var options = Options(
            "127.0.0.1:0", tls: true, tokens: false) with
        { RunDirectory = folder.Path, Specification = SmallRun.Specification };
        Assert.Contains(
            "no.pem", Assert.Throws<UserErrorException>(() => CoordinatorProgram.Build(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://trainer.example")]
    [InlineData("trainer.example:5318")]
    [InlineData("*")]
    public void AllowedHost_NoName_IsRefused(string host)
    {
        var options = Options("127.0.0.1:0", tls: false, tokens: false) with { AllowedHosts = [host] };

        Assert.Equal(
            $"--allowed-host '{host}' is not a host name. Give the name alone, without scheme and port.",
            Assert.Throws<UserErrorException>(() => CoordinatorProgram.Build(options)).Message);
    }

    [Fact]
    public void Tokens_OfAllRolesTheSame_AreRefusedBeforeTheRunIsOpened()
    {
        var options = Options("127.0.0.1:0", tls: false, tokens: false) with { Tokens = new CoordinatorTokens("same", "same", "same") };

        Assert.Contains(
            "a token of its own",
            Assert.Throws<UserErrorException>(() => CoordinatorProgram.Build(options)).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(options.RunDirectory));
    }

    [Fact]
    public void ClientAuthority_WithoutTls_IsRefused()
    {
        var options = Options("127.0.0.1:0", tls: false, tokens: false) with { ClientCaFile = "ca.pem" };

        Assert.Contains(
            "Give --tls-cert and --tls-key too",
            Assert.Throws<UserErrorException>(() => Listen(options)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, StatusCode.Unauthenticated)]
    [InlineData("worker-secret", StatusCode.PermissionDenied)]
    [InlineData("reader-secret", StatusCode.OK)]
    public async Task Reflection_ListsServicesToReadersAlone(string? token, StatusCode expected)
    {
        using var folder = new TemporaryFolder();
        await using var coordinator = await RunningCoordinator.StartAsync(folder, SmallRun.Specification, o => o with { Tokens = Tokens });
        Metadata headers = token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
        using var call = new ServerReflection.ServerReflectionClient(coordinator.Channel).ServerReflectionInfo(headers);

        StatusCode found;
        try
        {
            await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
            await call.ResponseStream.MoveNext(CancellationToken.None);
            found = call.ResponseStream.Current.ListServicesResponse.Service.Count > 3 ? StatusCode.OK : StatusCode.Unknown;
        }
        catch (RpcException e)
        {
            found = e.StatusCode;
        }

        Assert.Equal(expected, found);
    }

    private static CoordinatorOptions Options(string listen, bool tls, bool tokens) => new()
    {
        RunDirectory = "unused",
        Listen = listen,
        TlsCertificateFile = tls ? "no.pem" : null,
        TlsKeyFile = tls ? "no.key" : null,
        Tokens = tokens ? Tokens : new CoordinatorTokens(),
    };

    private static async Task<StatusCode> CallAsync(RunningCoordinator coordinator, string call, string? token)
    {
        Metadata headers = token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
        try
        {
            switch (call)
            {
                case "status": await coordinator.Operations.GetStatusAsync(new GetStatusRequest(), headers); break;
                case "history": await coordinator.Operations.GetHistoryAsync(new GetHistoryRequest(), headers); break;
                case "pause": await coordinator.Operations.PauseAsync(new PauseRequest(), headers); break;
                case "resume": await coordinator.Operations.ResumeAsync(new ResumeRequest(), headers); break;
                case "drain": await coordinator.Operations.DrainAsync(new DrainRequest(), headers); break;
                case "quarantine": await coordinator.Operations.GetQuarantineAsync(new GetQuarantineRequest(), headers); break;
                case "lift": await coordinator.Operations.LiftQuarantineAsync(new LiftQuarantineRequest(), headers); break;
                case "theta": await coordinator.Theta.GetThetaAsync(new GetThetaRequest { Latest = true }, headers); break;
                default: return await JoinAsync(coordinator, headers);
            }

            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static async Task<StatusCode> JoinAsync(RunningCoordinator coordinator, Metadata headers)
    {
        using var join = new Protocol.V1.OuterTraining.OuterTrainingClient(coordinator.Channel).Join(headers);
        var hello = new Hello { WorkerId = "w", Slots = 1, EngineVersion = EngineVersion.Current, SelfCheck = SelfCheck.Value };
        try
        {
            await join.RequestStream.WriteAsync(new WorkerMessage { Hello = hello });
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // A refused call may be over before Hello is written; the answer below says why.
        }

        return await join.ResponseStream.MoveNext(CancellationToken.None) && join.ResponseStream.Current.Welcome is not null
            ? StatusCode.OK
            : StatusCode.Unknown;
    }
}
