using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator;
using LoptCluster.Coordinator.Security;
using LoptCluster.Engine.Datasets;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Hosting.Telemetry;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt coordinator</c>: holds θ and serves workers.</summary>
internal sealed class CoordinatorCommand
{
    private readonly Option<string?> _preset = CommonOptions.Preset("Preset to train; not needed to resume an existing run.");
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<SampleLedger?> _ledger = CommonOptions.Ledger();
    private readonly Option<string?> _study = new("--study")
    {
        Description = "Study file (TOML): serve all its runs at once, on one fleet. The same command resumes it.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _run = new("--run")
    {
        Description = $"Folder of a new or existing run (default: {RunFolder.Root}/<preset>-<date>-<time>), or of the study (default: "
            + "studies/<name>).",
        HelpName = "DIR",
    };

    private readonly ComparisonChoice _comparison = new();
    private readonly Option<string?> _from = CommonOptions.From();
    private readonly Option<int?> _updates = CommonOptions.Updates();
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address and port to listen on; port 0 picks a free port. "
            + "Any address other than loopback requires TLS and tokens, or --insecure.",
        HelpName = "ADDR:PORT",
        DefaultValueFactory = _ => Defaults.Listen,
    };

    private readonly Option<string> _web = new("--web")
    {
        Description = "Address and port of the live page and /metrics (Prometheus); 'off' disables both. Same security rules as --listen.",
        HelpName = "ADDR:PORT",
        DefaultValueFactory = _ => Defaults.Web,
    };

    private readonly Option<string?> _tensorBoard = CommonOptions.TensorBoard();
    private readonly Option<string?> _certificate = new(ServerTls.CertificateOption)
    {
        Description = "TLS certificate, followed by its intermediate authorities (PEM).",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new(ServerTls.KeyOption)
    {
        Description = "Private key of the certificate (PEM).",
        HelpName = "FILE",
    };

    private readonly Option<string?> _clientAuthority = new(ServerTls.ClientAuthorityOption)
    {
        Description = "Authorities that sign clients' certificates (PEM): a client without one is refused (default: none is asked for).",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _allowedHosts = new("--allowed-host")
    {
        Description = "Name by which the --web port may be called where there are no tokens, besides addresses and localhost; may be "
            + "repeated.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Listen without TLS and tokens, on a trusted network." };
    private readonly Option<bool> _exit = new("--exit-when-finished")
    {
        Description = "Exit after the last outer-update, or the end of the comparison, instead of continuing to serve θ.",
    };

    private readonly Option<string?> _data = new("--data")
    {
        Description = "Folder of the run's image files: a worker with others is refused (default: what the first two workers that agree "
            + "have; generated images need none).",
        HelpName = "DIR",
    };

    private readonly Option<string?> _checkData = new("--check-data")
    {
        Description = "Only check that this folder holds the image files that the preset needs, and exit.",
        HelpName = "DIR",
    };

    private readonly Option<double> _grace = Seconds("--lost-worker-grace", "How long a lost worker's problems are reserved for it.", 10);
    private readonly Option<double> _heartbeat = Seconds("--heartbeat", "Interval between a worker's heartbeats.", 2);
    private readonly ProcessOptions _process = new("Log every update and refusal to standard error.");

    /// <param name="environment">The environment.</param>
    /// <param name="serveStudy">Serves the study of a file: file, folder if one is named, and the other options.</param>
    /// <param name="serveComparison">Serves a comparison: what is asked for, and the other options.</param>
    public static Command Create(
        CliEnvironment environment,
        Func<string, string?, CoordinatorOptions, CancellationToken, Task<int>> serveStudy,
        Func<ComparisonRequest, CoordinatorOptions, CancellationToken, Task<int>> serveComparison)
    {
        var self = new CoordinatorCommand();
        var command = new Command(
            "coordinator",
            $"Hold θ for a fleet of workers. Tokens are read from {TokenSource.Worker}, {TokenSource.Reader} and {TokenSource.Operator}, "
            + "or from the files named by the same variables with the suffix _FILE.")
        {
            self._preset, self._set, self._ledger, self._study, self._comparison.Evaluate, self._comparison.Against, self._run,
            self._from, self._updates, self._listen, self._web,
            self._tensorBoard, self._certificate, self._key, self._clientAuthority, self._allowedHosts, self._insecure, self._exit,
            self._grace, self._heartbeat, self._data, self._checkData,
        };
        self._process.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            self._process.WatchParent(parsed, environment);
            if (parsed.GetValue(self._checkData) is { } folder)
                return Task.FromResult(CheckData(PresetCatalog.Load(self.PresetOf(parsed), parsed.GetValue(self._set) ?? []), folder));
            if (parsed.GetValue(self._study) is { } file)
                return serveStudy(file, parsed.GetValue(self._run), self.StudyOptions(parsed, environment), cancellation);
            return self._comparison.Of(parsed, self._preset, self._data, self._set, self._run, [self._ledger, self._from, self._updates])
                is { } comparison
                ? serveComparison(comparison, self.Served(parsed, environment, ""), cancellation)
                : CoordinatorProgram.RunAsync(self.Options(parsed, environment), cancellation);
        });
        return command.WithExamples(
            "lopt coordinator --preset quickstart",
            "lopt coordinator --study estimators.toml",
            "lopt coordinator --evaluate theta.safetensors --against published --exit-when-finished",
            "lopt coordinator --run runs/mine --listen 0.0.0.0:5317 --tls-cert server.pem --tls-key server.key");
    }

    /// <summary>What the workers would find, before any of them starts.</summary>
    private static int CheckData(RunSpecification specification, string folder)
    {
        try
        {
            DatasetCatalog.Find(specification, folder);
            return 0;
        }
        catch (UserErrorException e)
        {
            throw new UserErrorException(
                $"The preset '{specification.Name}' trains on image files. {e.Message} With docker compose set LOPT_DATA to the folder of "
                    + "the files, or choose a preset that needs none, for example quickstart.",
                e);
        }
    }

    private string PresetOf(ParseResult parsed) =>
        parsed.GetValue(_preset) ?? throw new UserErrorException("--check-data requires --preset, whose files it looks for.");

    private CoordinatorOptions Options(ParseResult parsed, CliEnvironment environment)
    {
        string? preset = parsed.GetValue(_preset), run = parsed.GetValue(_run);
        string[] set = [.. parsed.GetValue(_set) ?? [], .. CommonOptions.LedgerAssignment(parsed.GetValue(_ledger))];
        bool begun = run is not null && File.Exists(new RunFolder(run).Database);
        RunSpecification? specification = preset is not null ? PresetCatalog.Load(preset, set) : null;
        if (specification?.OuterTrainShare == 0) throw new UserErrorException(TaskDistribution.NoTrainingClasses);
        if (specification is null && set.Length > 0)
            throw new UserErrorException("--set and --ledger require --preset, whose values they override.");
        if (specification is null && !begun)
        {
            throw new UserErrorException(run is null
                ? "Name a preset to train with --preset, or a run to resume with --run."
                : $"The run folder '{run}' holds no run. Name a preset to train with --preset.");
        }

        if (parsed.GetValue(_from) is not null && preset is null)
            throw new UserErrorException("--from begins a new run and requires --preset.");
        if (specification is not null && !begun)
        {
            foreach (string note in ScheduleNotes.Of(specification))
            {
                environment.Output.WriteLine(ProgramLine.Of(
                    parsed.GetValue(_process.LogFormat), LogLevel.Warning, $"note: {note}", environment.Time.GetUtcNow()));
            }
        }

        return Served(parsed, environment, run ?? RunFolder.ForNew(null, specification!.Name, environment.Time).Path) with
        {
            From = parsed.GetValue(_from),
            OuterUpdates = parsed.GetValue(_updates),
            Specification = specification,
        };
    }

    private CoordinatorOptions StudyOptions(ParseResult parsed, CliEnvironment environment)
    {
        if (parsed.GetValue(_preset) is not null || parsed.GetValue(_set) is { Length: > 0 } || parsed.GetValue(_ledger) is not null
            || parsed.GetValue(_from) is not null || parsed.GetValue(_updates) is not null
            || _comparison.IsGiven(parsed))
        {
            throw new UserErrorException(
                "--study takes all values from its file: write them under [set] and [axes]. Omit --preset, --set, --ledger, --from, "
                    + "--updates, --evaluate and --against.");
        }

        return Served(parsed, environment, parsed.GetValue(_run) ?? "");
    }

    /// <summary>How the process serves, whatever it serves.</summary>
    private CoordinatorOptions Served(ParseResult parsed, CliEnvironment environment, string folder)
    {
        return new CoordinatorOptions
        {
            RunDirectory = folder,
            DataDirectory = parsed.GetValue(_data),
            Listen = parsed.GetRequiredValue(_listen),
            Web = parsed.GetRequiredValue(_web),
            TensorBoardDirectory = parsed.GetValue(_tensorBoard),
            Health = parsed.GetValue(_process.Health),
            LogFormat = parsed.GetValue(_process.LogFormat),
            Insecure = parsed.GetValue(_insecure),
            TlsCertificateFile = parsed.GetValue(_certificate),
            TlsKeyFile = parsed.GetValue(_key),
            ClientCaFile = parsed.GetValue(_clientAuthority),
            AllowedHosts = parsed.GetValue(_allowedHosts) ?? [],
            Tokens = new CoordinatorTokens(Token(TokenSource.Worker), Token(TokenSource.Reader), Token(TokenSource.Operator)),
            ExitWhenFinished = parsed.GetValue(_exit),
            LostWorkerGrace = TimeSpan.FromSeconds(parsed.GetValue(_grace)),
            HeartbeatInterval = TimeSpan.FromSeconds(parsed.GetValue(_heartbeat)),
            Verbose = parsed.GetValue(_process.Verbose),
        };

        TokenOrigin? Token(string variable) => TokenSource.Find(environment, null, variable);
    }

    private static Option<double> Seconds(string name, string description, double initial) =>
        NumberOptions.Seconds(name, description, initial, most: 86_400);
}
