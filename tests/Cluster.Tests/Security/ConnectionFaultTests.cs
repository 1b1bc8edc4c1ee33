using LoptCluster.ClusterTestKit;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Security;

/// <summary>What is wrong with a connection is said in words, by the worker that keeps trying and by the client that gives up.</summary>
public sealed class ConnectionFaultTests : IDisposable
{
    private readonly TemporaryFolder _files = new();
    private readonly TemporaryFolder _run = new();
    private readonly TestAuthority _authority = TestAuthority.Root("the authority");

    public void Dispose()
    {
        _files.Dispose();
        _run.Dispose();
    }

    [Fact]
    public async Task AuthorityUnknown_NoneGiven_SaysGiveIt()
    {
        await using var coordinator = await StartAsync(_authority.Issue("127.0.0.1"));

        await AssertSaidAsync(
            coordinator.Address,
            "is signed by 'the authority', which this machine does not trust. Give the file of its authority with --ca.");
    }

    [Fact]
    public async Task AuthorityUnknown_AnotherGiven_NamesTheFileAndTheSigner()
    {
        await using var coordinator = await StartAsync(_authority.Issue("127.0.0.1"));
        string other = Write("other.pem", TestAuthority.Root("another authority").Pem);

        await AssertSaidAsync(
            coordinator.Address,
            $"is signed by 'the authority', which is not in --ca '{other}'. Give the file of the authority",
            "--ca",
            other);
    }

    [Fact]
    public async Task Intermediate_NotSent_SaysWhereItBelongs()
    {
        await using var coordinator = await StartAsync(_authority.Intermediate("the intermediate").Issue("127.0.0.1"));

        await AssertSaidAsync(
            coordinator.Address, "its certificate belongs in the coordinator's --tls-cert", "--ca", Trusted());
    }

    [Fact]
    public async Task Name_OfAnotherHost_SaysWhichNamesTheCertificateHas()
    {
        await using var coordinator = await StartAsync(_authority.Issue("trainer.example", "10.0.0.7"));

        await AssertSaidAsync(
            coordinator.Address,
            "is valid for 'trainer.example', '10.0.0.7', not for '127.0.0.1'. Call the coordinator by a name of its certificate",
            "--ca",
            Trusted());
    }

    [Fact]
    public async Task Certificate_Expired_SaysWhen()
    {
        var end = DateTimeOffset.UtcNow.AddHours(-1);
        await using var coordinator = await StartAsync(_authority.Issue(end.AddDays(-1), end, "127.0.0.1"));

        await AssertSaidAsync(coordinator.Address, $"expired on {end:yyyy-MM-dd HH:mm:ss} UTC; it is ", "--ca", Trusted());
    }

    [Fact]
    public async Task Certificate_NotYetValid_SaysToCheckTheClocks()
    {
        var begin = DateTimeOffset.UtcNow.AddHours(1);
        await using var coordinator = await StartAsync(_authority.Issue(begin, begin.AddDays(1), "127.0.0.1"));

        await AssertSaidAsync(coordinator.Address, $"is not valid before {begin:yyyy-MM-dd HH:mm:ss} UTC; it is ", "--ca", Trusted());
    }

    [Fact]
    public async Task Https_ToAPlainPort_SaysHttp()
    {
        await using var coordinator = await RunningCoordinator.StartAsync(_run, SmallRun.Specification);
        string authority = new Uri(coordinator.Address).Authority;

        await AssertSaidAsync($"https://{authority}", $"'{authority}' speaks plain http, and was called with TLS. Use http://{authority}");
    }

    [Fact]
    public async Task Http_ToAPortWithTls_SaysHttps()
    {
        await using var coordinator = await StartAsync(_authority.Issue("127.0.0.1"));
        string authority = new Uri(coordinator.Address).Authority;

        await AssertSaidAsync($"http://{authority}", $"'{authority}' speaks TLS, and was called without. Use https://{authority}");
    }

    [Fact]
    public async Task ClientCertificate_RequiredButNoneGiven_SaysGiveIt()
    {
        await using var coordinator = await StartWithClientAuthorityAsync();

        await AssertSaidAsync(
            coordinator.Address,
            "requires a certificate of its clients. Give one with --client-cert and --client-key",
            "--ca",
            Trusted());
    }

    [Fact]
    public async Task ClientCertificate_OfAnotherAuthority_IsNamed()
    {
        await using var coordinator = await StartWithClientAuthorityAsync();
        var (certificate, key) = TestAuthority.Root("another authority").IssueToClient().Write(_files, "client");

        await AssertSaidAsync(
            coordinator.Address,
            $"does not accept this client's certificate (--client-cert '{certificate}', valid from ",
            "--ca", Trusted(), "--client-cert", certificate, "--client-key", key);
    }

    [Theory]
    [InlineData("one\ntwo\n", "has 2 lines. A client sends one token, on one line")]
    [InlineData("with space", "has a character at place 5 of line 1 that no token has")]
    [InlineData("schlüssel", "has a character at place 5 of line 1 that no token has")]
    [InlineData("\n", "is empty. The file must contain the token.")]
    public async Task Token_OfNoUse_IsRefusedAtOnce(string content, string words)
    {
        string file = Write("a.token", content);

        await AssertRefusedAsync($"--token-file '{file}' {words}", "--token-file", file);
    }

    [Theory]
    [InlineData("", "has no certificate in it. It must be a PEM file")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "has no certificate in it. It must be a PEM file")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "is not a PEM file of certificates")]
    public async Task AuthorityFile_WithoutACertificate_IsRefusedByName(string content, string words)
    {
        string file = Write("wrong.pem", content);

        await AssertRefusedAsync($"--ca '{file}' {words}", "--ca", file);
    }

    [Fact]
    public async Task ClientCertificate_WithoutItsKey_IsRefused()
    {
        var (certificate, _) = _authority.IssueToClient().Write(_files, "client");

        await AssertRefusedAsync("--client-cert and --client-key belong together; give both or neither.", "--client-cert", certificate);
    }

    private Task<RunningCoordinator> StartAsync(TestCertificate certificate) =>
        RunningCoordinator.StartAsync(_run, SmallRun.Specification, o => certificate.On(o, _files));

    private Task<RunningCoordinator> StartWithClientAuthorityAsync() => RunningCoordinator.StartAsync(
        _run,
        SmallRun.Specification,
        o => _authority.Issue("127.0.0.1").On(o, _files) with { ClientCaFile = Trusted() });

    private string Trusted() => Write("ca.pem", _authority.Pem);

    private string Write(string name, string content)
    {
        File.WriteAllText(_files.PathOf(name), content);
        return _files.PathOf(name);
    }

    private static async Task AssertSaidAsync(string address, string words, params string[] options)
    {
        using var worker = LoptProcess.Start(["worker", "--coordinator", address, "--slots", "1", .. options]);
        using var status = LoptProcess.Start(["status", "--from", address, .. options]);

        // It keeps trying: what is wrong may be put right on the coordinator's side.
        string[] attempts = await worker.LinesAsync($"Cannot reach {address} (", 4);
        Assert.All(attempts, a => Assert.Contains(words, a, StringComparison.Ordinal));
        Assert.Equal(2, await status.ExitAsync());
        Assert.Contains(words, status.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", worker.Output + status.Output, StringComparison.Ordinal);
        Assert.Equal(0, await worker.TerminateAsync());
    }

    private static async Task AssertRefusedAsync(string words, params string[] options)
    {
        using var worker = LoptProcess.Start(["worker", "--slots", "1", .. options]);
        using var status = LoptProcess.Start(["status", .. options]);

        foreach (var process in (LoptProcess[])[worker, status])
        {
            Assert.Equal(2, await process.ExitAsync());
            Assert.Contains(words, process.Output, StringComparison.Ordinal);
        }
    }
}
