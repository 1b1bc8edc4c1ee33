using Grpc.Net.Client;
using LoptCluster.Protocol.V1;
using LoptCluster.TestKit;

namespace LoptCluster.ClusterTestKit;

/// <summary>A coordinator and its workers as real processes on this machine, with a run in a temporary folder.</summary>
public sealed class Fleet : IDisposable
{
    private static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>();

    /// <summary>A net so small that hundreds of outer-updates take seconds, without evaluations.</summary>
    private static readonly string[] SmallNet =
    [
        "imageSize=6", "hiddenUnits=[8]", "minibatchSize=8", "innerSteps=60",
        "truncationFirst=6", "truncationLast=20", "truncationRampUpdates=100", "batchSamples=4", "evaluateEveryUpdates=0",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly List<LoptProcess> _processes = [];
    private GrpcChannel? _channel;
    private int _port;

    /// <param name="values">key=value of the specification, on top of a small net.</param>
    public Fleet(params string[] values) =>
        Specification = ["--preset", "quickstart", .. SmallNet.Concat(values).SelectMany(v => new[] { "--set", v })];

    /// <summary>Starts <c>lopt</c> with these arguments and environment variables.</summary>
    public Func<string[], IReadOnlyDictionary<string, string>, LoptProcess> Program { get; init; } = LoptProcess.Start;

    /// <summary>IP address on which the coordinator listens.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>How long a lost worker's problems are kept for it.</summary>
    public TimeSpan LostWorkerGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often workers say that they live.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Environment variables of every process, on top of the test's own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = NoVariables;

    /// <summary>Arguments that select the run's specification.</summary>
    public IReadOnlyList<string> Specification { get; }

    public string RunDirectory => _folder.PathOf("run");

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    public GrpcChannel Channel => _channel ?? throw new InvalidOperationException("The coordinator has not been started.");

    public Operations.OperationsClient Operations => new(Channel);

    public ThetaService.ThetaServiceClient Theta => new(Channel);

    /// <summary>Starts the coordinator, or starts it again on the same port and run.</summary>
    public async Task<LoptProcess> StartCoordinatorAsync(params string[] more)
    {
        string[] web = more.Contains("--web") ? [] : ["--web", "off"];
        var process = Start(
            null,
            ["coordinator", .. Specification, "--run", RunDirectory, "--listen", $"{Host}:{_port}",
            "--lost-worker-grace", $"{LostWorkerGrace.TotalSeconds}", "--heartbeat", $"{Heartbeat.TotalSeconds}", .. web, .. more]);
        Address = await process.UrlAsync("listening on ");
        _port = Address.Port;
        _channel?.Dispose();
        _channel = GrpcChannel.ForAddress(Address);
        return process;
    }

    public LoptProcess StartWorker(int slots = 1, params string[] more) => StartWorker(null, slots, more);

    /// <param name="variables">Environment variables of this worker alone.</param>
    /// <param name="slots">Slots of the worker.</param>
    /// <param name="more">More arguments.</param>
    public LoptProcess StartWorker(IReadOnlyDictionary<string, string>? variables, int slots = 1, params string[] more) =>
        Start(variables, ["worker", "--coordinator", Address.AbsoluteUri, "--slots", $"{slots}", .. more]);

    /// <summary>Starts any command; the process is killed with the fleet.</summary>
    public LoptProcess Start(IReadOnlyDictionary<string, string>? variables, params string[] arguments) =>
        Add(Program(arguments, Environment.Concat(variables ?? NoVariables).ToDictionary()));

    /// <summary>A process that was started elsewhere is killed with the fleet.</summary>
    public LoptProcess Add(LoptProcess process)
    {
        _processes.Add(process);
        return process;
    }

    /// <summary>Waits for a status that satisfies the condition.</summary>
    public Task<Status> StatusAsync(Func<Status, bool> condition) =>
        Operations.StatusAsync(condition, () => string.Join("\n---\n", _processes.Select(p => p.Output)));

    public Task<Status> UpdateAsync(long version) => StatusAsync(s => s.OuterUpdate >= version);

    public void Dispose()
    {
        _channel?.Dispose();
        foreach (var process in _processes) process.Dispose();
        _folder.Dispose();
    }
}
