using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Cluster.Tests;

/// <summary>A coordinator and its workers as real processes on loopback, in a folder of the test's.</summary>
internal sealed class Fleet : IDisposable
{
    /// <summary>A net so small that hundreds of outer-updates take seconds.</summary>
    private static readonly string[] Small =
    [
        "--preset", "quickstart", "--set", "imageSize=6", "--set", "hiddenUnits=[8]", "--set", "minibatchSize=8", "--set", "innerSteps=60",
        "--set", "truncationFirst=6", "--set", "truncationLast=20", "--set", "truncationRampUpdates=100", "--set", "batchSamples=4",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-cluster-");
    private readonly List<LoptProcess> _processes = [];
    private readonly string[] _specification;
    private GrpcChannel? _channel;
    private string _listen = "127.0.0.1:0";

    /// <param name="values">key=value of the specification, on top of a small net.</param>
    public Fleet(params string[] values) => _specification = [.. Small, .. values.SelectMany(v => new[] { "--set", v })];

    /// <summary>Seconds that a lost worker's problems are kept for it.</summary>
    public int LostWorkerGrace { get; init; } = 1;

    /// <summary>On top of the test's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string RunDirectory => Path.Combine(_folder.FullName, "run");

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    public Operations.OperationsClient Operations => new(_channel!);

    public ThetaService.ThetaServiceClient Theta => new(_channel!);

    /// <summary>Starts the coordinator, or starts it again on the same port and run.</summary>
    public async Task<LoptProcess> StartCoordinatorAsync(params string[] more)
    {
        string[] web = more.Contains("--web") ? [] : ["--web", "off"];
        var process = Add(LoptProcess.Start(
            ["coordinator", .. _specification, "--run", RunDirectory, "--listen", _listen, "--lost-worker-grace", $"{LostWorkerGrace}", "--heartbeat", "1", .. web, .. more], Environment));
        string line = await process.LineAsync("listening on ");
        Address = new Uri(line[(line.IndexOf("http", StringComparison.Ordinal))..]);
        _listen = $"127.0.0.1:{Address.Port}";
        _channel?.Dispose();
        _channel = GrpcChannel.ForAddress(Address);
        return process;
    }

    public LoptProcess StartWorker(int slots = 1, params string[] more) =>
        Add(LoptProcess.Start(["worker", "--coordinator", Address.AbsoluteUri, "--slots", $"{slots}", .. more], Environment));

    /// <summary>Waits until the status is as asked for.</summary>
    public async Task<Protocol.V1.Status> StatusAsync(Func<Protocol.V1.Status, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        Protocol.V1.Status? last = null;
        try
        {
            using var call = Operations.WatchStatus(new WatchStatusRequest { IntervalMilliseconds = 50 }, cancellationToken: limit.Token);
            await foreach (var status in call.ResponseStream.ReadAllAsync(limit.Token))
            {
                last = status;
                if (wanted(status)) return status;
            }
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            // The time is over.
        }

        throw new TimeoutException($"The status did not come about. Last: {last}\n{string.Join("\n---\n", _processes.Select(p => p.Output))}");
    }

    public Task<Protocol.V1.Status> UpdateAsync(long version) => StatusAsync(s => s.OuterUpdate >= version);

    public void Dispose()
    {
        _channel?.Dispose();
        foreach (var process in _processes) process.Dispose();
        _folder.Delete(recursive: true);
    }

    private LoptProcess Add(LoptProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
