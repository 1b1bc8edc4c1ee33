using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using LoptCluster.ClusterTestKit;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cluster.Tests.Security;

/// <summary>Certificates and tokens that are renewed while a fleet of processes works.</summary>
public sealed class RenewalTests : IDisposable
{
    private const string Endless = "outerUpdates=1000000";

    private static readonly string[] Tokens = ["worker-secret-1", "worker-secret-2", "reader-secret", "operator-secret"];

    private readonly TemporaryFolder _files = new();
    private readonly TestAuthority _authority = TestAuthority.Root("the authority");

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Certificate_OfAMountedSecret_IsRenewedUnderARunningWorker()
    {
        using var fleet = new Fleet(Endless);
        Mount(1, _authority.Issue("127.0.0.1"));
        File.WriteAllText(_files.PathOf("ca.pem"), _authority.Pem);
        var coordinator = await fleet.StartCoordinatorAsync(
            "--tls-cert", _files.PathOf("tls/tls.crt"), "--tls-key", _files.PathOf("tls/tls.key"));
        var worker = fleet.StartWorker(1, "--ca", _files.PathOf("ca.pem"));
        await worker.LineAsync("Joined run");
        string first = await SerialAsync(fleet.Address);

        // As the kubelet and cert-manager do it: a new folder, and a link that is replaced.
        Mount(2, _authority.Issue("127.0.0.1"));
        await coordinator.LineAsync("Read again because it changed: the certificate of --tls-cert");
        string second = await SerialAsync(fleet.Address);
        Assert.NotEqual(first, second);

        // Half a pair: the old one stays.
        File.WriteAllText(_files.PathOf("tls/tls.key"), _authority.Issue("127.0.0.1").KeyPem);
        string fault = await coordinator.LineAsync("What was read before stays in use: the certificate of --tls-cert");
        Assert.Contains("Both must be PEM files of one pair", fault, StringComparison.Ordinal);
        Assert.Equal(second, await SerialAsync(fleet.Address));

        Assert.DoesNotContain("broke", worker.Output, StringComparison.Ordinal);
        Assert.Single(worker.Output.Split('\n'), l => l.Contains("Joined run", StringComparison.Ordinal));
        var status = LoptProcess.Start("status", "--from", fleet.Address.AbsoluteUri, "--ca", _files.PathOf("ca.pem"), "--json");
        Assert.Equal(0, await status.ExitAsync());
        Assert.DoesNotContain("PRIVATE", coordinator.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ExchangedOnBothSides_LosesNoStreamAndIsInNoLog()
    {
        using var fleet = new Fleet(Endless)
        {
            Environment = new Dictionary<string, string>
            {
                ["LOPT_WORKER_TOKEN_FILE"] = Write("accepted/token", Tokens[0], "accepted"),
                ["LOPT_READER_TOKEN_FILE"] = Write("reader", Tokens[2]),
                ["LOPT_OPERATOR_TOKEN_FILE"] = Write("operator", Tokens[3]),
            },
        };
        var coordinator = await fleet.StartCoordinatorAsync("--verbose");
        string sent = Write("sent", Tokens[0]);
        var worker = fleet.StartWorker(1, "--token-file", sent, "--verbose");
        await worker.LineAsync("Joined run");

        // A second key of the Secret, then the worker's file, then the first goes.
        Write("accepted/second", Tokens[1]);
        await coordinator.LineAsync("Read again because it changed: the token of LOPT_WORKER_TOKEN_FILE");
        var old = fleet.StartWorker(1, "--token-file", Write("old", Tokens[0]));
        await old.LineAsync("Joined run");
        Write("sent", Tokens[1]);
        File.Delete(_files.PathOf("accepted/second"));
        Write("accepted/token", Tokens[1]);
        await coordinator.LinesAsync("Read again because it changed", 2);

        var refused = fleet.StartWorker(1, "--token-file", _files.PathOf("old"));
        Assert.Equal(2, await refused.ExitAsync());
        Assert.Contains("rejected this worker's token", refused.Output, StringComparison.Ordinal);
        Assert.Single(worker.Output.Split('\n'), l => l.Contains("Joined run", StringComparison.Ordinal));
        Assert.DoesNotContain("broke", worker.Output + old.Output, StringComparison.Ordinal);

        // A restarted coordinator finds the worker with the token that its file has by now.
        await coordinator.KillAsync();
        var restarted = await fleet.StartCoordinatorAsync("--verbose");
        await worker.LinesAsync("Joined run", 2);

        // A role's token in another role's file is refused, and what was read before holds.
        Write("accepted/second", Tokens[3]);
        string fault = await restarted.LineAsync("What was read before stays in use");
        Assert.Contains("a token that the role operator has too", fault, StringComparison.Ordinal);
        Assert.All(Tokens, t => Assert.DoesNotContain(
            t, coordinator.Output + restarted.Output + worker.Output + old.Output + refused.Output, StringComparison.Ordinal));
    }

    /// <summary>Where LOPT_…_TOKEN_FILE points: the file, or the folder that it is in.</summary>
    private string Write(string name, string content, string? folder = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_files.PathOf(name))!);
        File.WriteAllText(_files.PathOf(name), content + "\n");
        return _files.PathOf(folder ?? name);
    }

    private void Mount(int version, TestCertificate certificate)
    {
        string data = _files.PathOf($"..{version}");
        _files.Write($"..{version}/tls.crt");
        File.WriteAllText(Path.Combine(data, "tls.crt"), certificate.Pem);
        File.WriteAllText(Path.Combine(data, "tls.key"), certificate.KeyPem);
        string link = _files.PathOf($"link{version}");
        Directory.CreateSymbolicLink(link, data);
        File.Delete(_files.PathOf("tls"));
        Directory.Move(link, _files.PathOf("tls"));
    }

    private static async Task<string> SerialAsync(Uri address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = address.Host,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return ((X509Certificate2)stream.RemoteCertificate!).SerialNumber;
    }
}
