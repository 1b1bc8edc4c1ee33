using LoptCluster.Coordinator.Security;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator;

/// <summary>How a coordinator is started.</summary>
public sealed record CoordinatorOptions
{
    /// <summary>Folder of the run; made if it is not there. Holds run.db.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>The run to begin; null: the one in the folder goes on.</summary>
    public RunSpecification? Specification { get; init; }

    /// <summary>
    /// θ file, run folder or theta:NAME whose θ a new run begins from; null: an initial θ. A run that has begun goes on, if it began from
    /// the same.
    /// </summary>
    public string? From { get; init; }

    /// <summary>
    /// What a new run compares, with the mode and the outer-updates of <see cref="ComparisonOptions.SpecificationOf"/>; null: it trains.
    /// A run that has begun goes on, if it compares the same.
    /// </summary>
    public ComparisonOptions? Comparison { get; init; }

    /// <summary>Outer-updates in total to which the run in the folder is prolonged; null: as planned.</summary>
    public int? OuterUpdates { get; init; }

    /// <summary>
    /// The runs to serve together instead of one; null: the one of <see cref="RunDirectory"/>, which for a study is the folder that holds
    /// those of its runs.
    /// </summary>
    public StudyOptions? Study { get; init; }

    /// <summary>
    /// Folder of the run's image files, whose fingerprint decides which workers have them; null: those of the first workers decide, where
    /// images are not generated.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>ADDRESS:PORT to listen on. Port 0: any free one.</summary>
    public string Listen { get; init; } = "127.0.0.1:5317";

    /// <summary>ADDRESS:PORT of the live page, its data and /metrics; null or "off": none.</summary>
    public string? Web { get; init; }

    /// <summary>ADDRESS:PORT of the gRPC health service alone, for probes; null or "off": none.</summary>
    public string? Health { get; init; }

    /// <summary>Folder of the event files for TensorBoard; null: the run folder.</summary>
    public string? TensorBoardDirectory { get; init; }

    /// <summary>An address that others can reach, without TLS and tokens.</summary>
    public bool Insecure { get; init; }

    /// <summary>
    /// PEM file of the certificate, followed by its intermediate authorities; with <see cref="TlsKeyFile"/> turns TLS on.
    /// </summary>
    public string? TlsCertificateFile { get; init; }

    /// <summary>PEM file of the certificate's private key.</summary>
    public string? TlsKeyFile { get; init; }

    /// <summary>PEM file of the authorities that sign clients' certificates; null: clients need none.</summary>
    public string? ClientCaFile { get; init; }

    /// <summary>
    /// Names by which the web port may be called where no tokens are configured, on top of addresses and localhost.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Tokens of each role. All empty: everybody may do everything; once there is one, a role without a token is closed to all.
    /// </summary>
    public CoordinatorTokens Tokens { get; init; } = new();

    /// <summary>The process ends once the run is finished and the workers have left.</summary>
    public bool ExitWhenFinished { get; init; }

    /// <summary>How long a lost worker's problems are kept for it.</summary>
    public TimeSpan LostWorkerGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often workers are to say that they live.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Log each update and refusal to standard error.</summary>
    public bool Verbose { get; init; }

    public LogFormat LogFormat { get; init; } = LogFormat.Text;
}
