using Grpc.Core;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator.Security;
using LoptCluster.Hosting.Connections;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Security;

public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();
    private readonly TestAuthority _authority = TestAuthority.Root("the authority");

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Certificate_WithTokens_CarriesAWorkersStream()
    {
        var tokens = new CoordinatorTokens("worker-secret", "reader-secret", "operator-secret");
        await using var coordinator = await StartAsync(_authority.Issue("127.0.0.1"), o => o with { Tokens = tokens });

        Assert.StartsWith("https://127.0.0.1:", coordinator.Address, StringComparison.Ordinal);
        await using var worker = await ScriptedWorker.JoinAsync(coordinator, token: "worker-secret");
        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync((await worker.ProblemAsync()).Next(0)));
    }

    [Fact]
    public async Task Intermediate_InTheCertificatesFile_IsSent()
    {
        var intermediate = _authority.Intermediate("the intermediate");
        var certificate = intermediate.Issue("127.0.0.1");
        await using var coordinator = await RunningCoordinator.StartAsync(
            _folder, SmallRun.Specification, o => certificate.On(o, _files, intermediate), tls: Trusting());

        // The client knows the root alone.
        Assert.NotNull(await coordinator.Operations.GetStatusAsync(new GetStatusRequest()));
    }

    [Fact]
    public async Task ClientCertificate_OfTheAuthority_IsAccepted()
    {
        var intermediate = _authority.Intermediate("the intermediate");
        var (certificate, key) = intermediate.IssueToClient().Write(_files, "client", intermediate);
        await using var coordinator = await StartWithClientAuthorityAsync();

        using var channel = coordinator.Open(Trusting() with { CertificateFile = certificate, KeyFile = key });
        await using var worker = await ScriptedWorker.JoinAsync(channel);
        Assert.Equal(SampleOutcome.Accepted, await worker.GiveAsync((await worker.ProblemAsync()).Next(0)));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("of another authority")]
    [InlineData("of a server")]
    public async Task ClientCertificate_Wrong_IsRefusedBeforeAnyCall(string which)
    {
        await using var coordinator = await StartWithClientAuthorityAsync();
        var wrong = which == "of a server" ? _authority.Issue("127.0.0.1") : TestAuthority.Root("another").IssueToClient();
        var (certificate, key) = wrong.Write(_files, "client");
        var tls = which == "none" ? Trusting() : Trusting() with { CertificateFile = certificate, KeyFile = key };

        using var channel = coordinator.Open(tls);
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Protocol.V1.Operations.OperationsClient(channel).GetStatusAsync(new GetStatusRequest()));
        string words = ConnectionFaultException.Within(error.Status.DebugException)!.Message;
        Assert.Contains(which == "none" ? "requires a certificate" : "does not accept", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_TellWhenTheFirstCertificateOfTheChainExpires()
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddDays(3).ToUnixTimeSeconds());
        var certificate = _authority.Issue(end.AddDays(-5), end, "127.0.0.1");
        await using var coordinator = await StartAsync(certificate, o => o with { Web = "127.0.0.1:0" });
        using var client = new HttpClient(new ClientTls(Trusting()).Over(new SocketsHttpHandler(), new Uri(coordinator.Web!)));

        string page = await client.GetStringAsync(new Uri(coordinator.Web + "/metrics"));

        string line = page.Split('\n').Single(l => l.StartsWith("lopt_tls_certificate_expiry_seconds", StringComparison.Ordinal));
        Assert.Equal(end.ToUnixTimeSeconds(), long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        string help = page.Split('\n').Single(l => l.StartsWith("# HELP lopt_tls_certificate_expiry_seconds ", StringComparison.Ordinal));
        Assert.Contains(
            $"| `lopt_tls_certificate_expiry_seconds` | gauge |  | {help.Split(' ', 4)[3]} |",
            File.ReadAllText(Repository.PathOf("docs/METRICS.md")),
            StringComparison.Ordinal);
    }

    private Task<RunningCoordinator> StartWithClientAuthorityAsync() =>
        StartAsync(_authority.Issue("127.0.0.1"), o => o with { ClientCaFile = Trusting().AuthorityFile });

    private Task<RunningCoordinator> StartAsync(TestCertificate certificate, Func<CoordinatorOptions, CoordinatorOptions> with) =>
        RunningCoordinator.StartAsync(_folder, SmallRun.Specification, o => with(certificate.On(o, _files)), tls: Trusting());

    private ClientTlsOptions Trusting()
    {
        string file = _files.PathOf("ca.pem");
        File.WriteAllText(file, _authority.Pem);
        return new ClientTlsOptions { AuthorityFile = file };
    }
}
