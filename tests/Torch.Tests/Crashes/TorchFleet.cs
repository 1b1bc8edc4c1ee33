using Grpc.Core;
using Grpc.Net.Client;
using LoptCluster.Cluster.Tests;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Torch.Tests.Crashes;

/// <summary>A coordinator and torch workers as real processes on loopback, in a folder of the test's.</summary>
internal sealed class TorchFleet : IDisposable
{
    public const int BatchSamples = 4;

    /// <summary>A net so small that a sample takes a tenth of a second.</summary>
    public static readonly string[] Small =
    [
        "--preset", "quickstart", "--set", "innerProblem=torch", "--set", "imageSize=6", "--set", "minibatchSize=8", "--set", "innerSteps=40",
        "--set", "truncationFirst=4", "--set", "truncationLast=8", "--set", "truncationRampUpdates=100", "--set", $"batchSamples={BatchSamples}",
        // No evaluations: tuning Adam for them alone takes thousands of passes.
        "--set", "evaluateEveryUpdates=0",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-torch-");
    private readonly List<LoptProcess> _processes = [];
    private GrpcChannel? _channel;
    private Uri? _address;

    public string RunDirectory => Path.Combine(_folder.FullName, "run");

    /// <param name="values">key=value of the specification.</param>
    public async Task<LoptProcess> StartCoordinatorAsync(params string[] values)
    {
        string[] arguments =
        [
            "coordinator", .. Small, .. values.SelectMany(v => new[] { "--set", v }), "--run", RunDirectory, "--listen", "127.0.0.1:0",
            "--lost-worker-grace", "1", "--heartbeat", "1", "--web", "off",
        ];
        var process = Add(TorchProcess.Start(null, arguments));
        string line = await process.LineAsync("listening on ");
        _address = new Uri(line[line.IndexOf("http", StringComparison.Ordinal)..]);
        _channel = GrpcChannel.ForAddress(_address);
        return process;
    }

    /// <param name="variable">Of the environment.</param>
    public LoptProcess StartWorker((string Name, string Value)? variable = null) => Add(TorchProcess.Start(variable, "worker", "--coordinator", _address!.AbsoluteUri));

    /// <summary>Any command, killed with the fleet.</summary>
    /// <param name="variable">Of the environment.</param>
    public LoptProcess Start((string Name, string Value)? variable, params string[] arguments) => Add(TorchProcess.Start(variable, arguments));

    /// <summary>Waits until the status is as asked for.</summary>
    public async Task<Protocol.V1.Status> StatusAsync(Func<Protocol.V1.Status, bool> wanted)
    {
        using var limit = new CancellationTokenSource(Patience);
        Protocol.V1.Status? last = null;
        try
        {
            using var call = new Operations.OperationsClient(_channel!).WatchStatus(new WatchStatusRequest { IntervalMilliseconds = 50 }, cancellationToken: limit.Token);
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

    /// <summary>Ends the run, cleanly.</summary>
    public async Task DrainAsync() => await new Operations.OperationsClient(_channel!).DrainAsync(new DrainRequest { Reason = "the test ends" });

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
