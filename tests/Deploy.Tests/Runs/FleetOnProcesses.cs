using LoptCluster.ClusterTestKit;
using LoptCluster.Deploy.Tests.Kubernetes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Deploy.Tests.Runs;

/// <summary>
/// The coordinator and a worker as the overlay fleet starts them: its arguments and its environment, with the folders of the container in
/// one of the test's, loopback instead of all addresses, a small preset, and the certificates and tokens that docs/DEPLOY.md makes.
/// </summary>
internal sealed class FleetOnProcesses : IDisposable
{
    private const string Preset = """
        name = "small"
        dataset = "procedural"
        imageSize = 6
        innerProblem = "fullyConnected"
        hiddenUnits = [8]
        minibatchSize = 8
        innerSteps = 60
        truncationFirst = 6
        truncationLast = 20
        truncationRampUpdates = 100
        batchSamples = 4
        outerUpdates = 100000
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<LoptProcess> _processes = [];
    private readonly Manifests _manifests = Manifests.Of("fleet");
    private Uri? _grpc;

    public FleetOnProcesses()
    {
        var (status, output, error) = Tool.Run(
            "sh", Repository.PathOf("deploy/compose/make-secrets"), "--dir", In("secrets"), "lopt-coordinator");
        Assert.True(status == 0, output + error);
        Directory.CreateDirectory(In("etc/lopt"));
        File.WriteAllText(In("etc/lopt/preset.toml"), Preset);
        Place("secrets/server.pem", "tls/tls.crt");
        Place("secrets/server.key", "tls/tls.key");
        Place("secrets/ca.pem", "ca/ca.crt");
        foreach (string role in new[] { "worker", "reader", "operator" })
        {
            Place($"secrets/{role}.token", $"accepted/{role}/token");
            Place($"secrets/{role}.token", $"tokens/{role}");
        }
    }

    /// <summary>Every file that a mounted Secret or ConfigMap holds.</summary>
    public string Mounted(string path) => In("run/secrets/lopt/" + path);

    public async Task<LoptProcess> StartCoordinatorAsync()
    {
        string port = _grpc?.Port.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "0";
        var process = Start(_manifests.Coordinator, a => a.Replace("[::]:5317", $"127.0.0.1:{port}", StringComparison.Ordinal));
        _grpc = await process.UrlAsync("listening on ");
        return process;
    }

    public LoptProcess StartWorker() => Start(_manifests.Worker, a => a
        .Replace("https://lopt-coordinator:5317", $"https://localhost:{_grpc!.Port}", StringComparison.Ordinal)
        .Replace("--slots=4", "--slots=1", StringComparison.Ordinal));

    /// <summary>A reader's question, as from outside the cluster.</summary>
    public LoptProcess AskStatus(string tokenFile) => Add(LoptProcess.Start(
        "status", "--json", "--from", $"https://localhost:{_grpc!.Port}", "--ca", Mounted("ca/ca.crt"), "--token-file", tokenFile));

    public void Dispose()
    {
        foreach (var process in _processes) process.Dispose();
        _folder.Dispose();
    }

    private LoptProcess Start(Workload workload, Func<string, string> change)
    {
        string[] arguments = [.. workload.Arguments.Where(
            a => !a.StartsWith("--data=", StringComparison.Ordinal)).Select(change).Select(Local)];
        var environment = workload.Container.Items("env").Where(e => e["value"] is not null).ToDictionary(
            e => e.Text("name")!, e => Local(e.Text("value")!));
        return Add(LoptProcess.Start(arguments, environment));
    }

    private string Local(string text) => System.Text.RegularExpressions.Regex.Replace(
        text.Replace(
            "[::]:5318", "127.0.0.1:0", StringComparison.Ordinal).Replace("[::]:5319", "127.0.0.1:0", StringComparison.Ordinal),
        "(?<=^|=)/(?=run/|etc/|var/)", _folder.Path + "/");

    private void Place(string source, string mounted)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Mounted(mounted))!);
        File.Copy(In(source), Mounted(mounted), overwrite: true);
    }

    private string In(string path) => Path.Combine(_folder.Path, path);

    private LoptProcess Add(LoptProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
