using LoptCluster.Engine.InnerProblems;
using LoptCluster.Hosting.Logs;

namespace LoptCluster.Worker.Hosting;

/// <summary>How a worker is started. What it computes it learns from the coordinator.</summary>
public sealed record WorkerOptions
{
    /// <summary>URL of the coordinator: http://127.0.0.1:5317, https://host:5317.</summary>
    public required string Coordinator { get; init; }

    /// <summary>Truncations at a time, each on a thread of its own.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>Folder of the dataset's files, where the run needs files.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Token of the worker role.</summary>
    public string? Token { get; init; }

    /// <summary>PEM file of the authority that signed the coordinator's certificate; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Plain http to another machine.</summary>
    public bool Insecure { get; init; }

    /// <summary>ADDRESS:PORT of /metrics and /healthz, plain http; null or "off": none.</summary>
    public string? Metrics { get; init; }

    /// <summary>ADDRESS:PORT of the gRPC health service, for probes; null or "off": none.</summary>
    public string? Health { get; init; }

    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>Log each sample to standard error.</summary>
    public bool Verbose { get; init; }

    /// <summary>The inner-problems that this program can compute.</summary>
    public IInnerProblemSource InnerProblems { get; init; } = InnerProblemFactory.BuiltIn;

    /// <summary>Stable for the life of the process.</summary>
    public string WorkerId { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}";
}
