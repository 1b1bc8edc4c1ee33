using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Security;
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

    [Fact]
    public async Task Tls_WithAGeneratedCertificate_CarriesAWorkersStream()
    {
        using var folder = new TemporaryFolder();
        using var files = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string certificateFile = Path.Combine(files.Path, "c.pem"), keyFile = Path.Combine(files.Path, "k.pem");
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        string thumbprint = certificate.Thumbprint;
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, c, _, _) => c is X509Certificate2 seen && seen.Thumbprint == thumbprint,
            },
        };

        await using var coordinator = await RunningCoordinator.StartAsync(
            folder, SmallRun.Specification, o =>
                o with { TlsCertificateFile = certificateFile, TlsKeyFile = keyFile, Tokens = Tokens }, handler: handler);

        Assert.StartsWith("https://127.0.0.1:", coordinator.Address, StringComparison.Ordinal);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator, token: "worker-secret");
        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync((await worker.ProblemAsync()).Next(0)));
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
        var hello = new Hello { WorkerId = "w", Slots = 1, EngineVersion = EngineVersion.Current };
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
