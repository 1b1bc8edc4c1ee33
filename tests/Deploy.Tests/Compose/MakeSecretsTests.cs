using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Compose;

/// <summary>deploy/compose/make-secrets, run again in a folder that has some of its files.</summary>
public sealed class MakeSecretsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Again_KeepsWhatIsThereAndSaysSo()
    {
        Assert.Equal((0, ""), (Make(out string first, out string error, "lopt.example"), error));
        Assert.Equal(["made", "made", "made", "made", "made"], Verbs(first));
        var before = Contents();

        // A token is to be changed, and a name added without the certificate deleted.
        File.Delete(_folder.PathOf("reader.token"));
        Assert.Equal(0, Make(out string second, out error, "other.example"));

        Assert.Equal(["kept", "kept", "kept", "made", "kept"], Verbs(second));
        Assert.Contains("server.pem, valid until ", second, StringComparison.Ordinal);
        Assert.Contains("DNS:lopt.example", second, StringComparison.Ordinal);
        Assert.Contains("to have them in the certificate, delete", error, StringComparison.Ordinal);
        var after = Contents();
        Assert.Equal(before.Keys, after.Keys);
        Assert.Equal(["reader.token"], after.Keys.Where(name => after[name] != before[name]));
    }

    [Fact]
    public void CertificateToBeRenewedWithoutTheAuthoritysKey_IsRefusedAndNothingIsMade()
    {
        Assert.Equal(0, Make(out _, out _));
        foreach (string name in (string[])["ca.key", "server.pem"]) File.Delete(_folder.PathOf(name));
        var before = Contents();

        Assert.Equal(1, Make(out _, out string error));

        Assert.Contains("ca.key is not there, and without it no certificate can be signed", error, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    private static IEnumerable<string> Verbs(string output) => output.Trim().Split('\n').Select(line => line.Split(' ')[0]);

    private int Make(out string output, out string error, params string[] names)
    {
        string script = Repository.PathOf("deploy/compose/make-secrets");
        (int status, output, error) = Tool.Run("sh", [script, "--dir", _folder.Path, .. names]);
        return status;
    }

    private SortedDictionary<string, string> Contents() =>
        new(Directory.EnumerateFiles(_folder.Path).ToDictionary(f => Path.GetFileName(f), File.ReadAllText));
}
