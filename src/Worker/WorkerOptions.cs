using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Verification;
using LoptCluster.Hosting.Connections;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Worker.Link;
using LoptCluster.Worker.Unrolling;

namespace LoptCluster.Worker;

/// <summary>Options of a worker process. What it computes, the coordinator specifies.</summary>
public sealed record WorkerOptions
{
    /// <summary>URL of the coordinator, for example http://127.0.0.1:5317 or https://host:5317.</summary>
    public required string Coordinator { get; init; }

    /// <summary>Truncations computed at the same time, each on a thread of its own (default: one per core).</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>Folder of the dataset's files; null if the run needs none.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Token of the worker role; null: none.</summary>
    public TokenOrigin? Token { get; init; }

    /// <summary>Whom to trust, and the worker's own certificate.</summary>
    public ClientTlsOptions Tls { get; init; } = new();

    /// <summary>Allows plain http to another machine.</summary>
    public bool Insecure { get; init; }

    /// <summary>ADDRESS:PORT of /metrics and /healthz, plain http; null or "off": disabled.</summary>
    public string? Metrics { get; init; }

    /// <summary>ADDRESS:PORT of the gRPC health service, for probes; null or "off": disabled.</summary>
    public string? Health { get; init; }

    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>Logs each sample to standard error.</summary>
    public bool Verbose { get; init; }

    /// <summary>The inner-problems that this program can compute.</summary>
    public IInnerProblemSource InnerProblems { get; init; } = InnerProblemFactory.BuiltIn;

    /// <summary>Stable for the life of the process.</summary>
    public string WorkerId { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";

    internal LinkOptions Link => new()
    {
        Coordinator = Coordinator,
        WorkerId = WorkerId,
        SelfCheck = SelfCheck.Value,
        Slots = Slots,
        Token = Token,
        Tls = Tls,
        Insecure = Insecure,
    };

    internal PoolOptions Pool => new(Slots, DataDirectory, InnerProblems);
}
