using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator;
using LoptCluster.Coordinator.Security;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt coordinator</c>: holds θ and waits for workers.</summary>
internal sealed class CoordinatorCommand
{
    private readonly Option<string?> _preset = CommonOptions.Preset("What to train. May be left out for a run that was begun before.");
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<string?> _run = new("--run")
    {
        Description = $"Folder of the run, new or begun before; {RunFolder.Root}/<preset>-<date>-<time> if not said.",
        HelpName = "DIR",
    };

    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address and port to listen on; port 0: any free one. Other than loopback it needs TLS and tokens, or --insecure.",
        HelpName = "ADDR:PORT",
        DefaultValueFactory = _ => Defaults.Listen,
    };

    private readonly Option<string> _web = new("--web")
    {
        Description = "Address and port of the live page and /metrics (Prometheus); off: none. The same rules.",
        HelpName = "ADDR:PORT",
        DefaultValueFactory = _ => Defaults.Web,
    };

    private readonly Option<string?> _tensorBoard = CommonOptions.TensorBoard();
    private readonly Option<string?> _certificate = new("--tls-cert") { Description = "Certificate (PEM, with its chain).", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--tls-key") { Description = "Its private key (PEM).", HelpName = "FILE" };
    private readonly Option<bool> _insecure = new("--insecure") { Description = "Listen without TLS and tokens on a network that is trusted." };
    private readonly Option<bool> _exit = new("--exit-when-finished") { Description = "End after the last outer-update instead of serving θ on." };
    private readonly Option<double> _grace = Seconds("--lost-worker-grace", "Seconds that a lost worker's problems are kept for it.", 10);
    private readonly Option<double> _heartbeat = Seconds("--heartbeat", "Seconds between a worker's signs of life.", 2);
    private readonly ProcessOptions _process = new("Log each update and refusal to standard error.");

    public static Command Create(CliEnvironment environment)
    {
        var self = new CoordinatorCommand();
        var command = new Command(
            "coordinator",
            $"Hold θ for a fleet of workers. Tokens come from {TokenSource.Worker}, {TokenSource.Reader} and {TokenSource.Operator}, or from files named by the same with _FILE.")
        {
            self._preset, self._set, self._run, self._listen, self._web, self._tensorBoard, self._certificate, self._key, self._insecure, self._exit,
            self._grace, self._heartbeat,
        };
        self._process.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            self._process.WatchParent(parsed, environment);
            return CoordinatorProgram.RunAsync(self.Options(parsed, environment), cancellation);
        });
        return command.WithExamples(
            "lopt coordinator --preset quickstart",
            "lopt coordinator --run runs/mine --listen 0.0.0.0:5317 --tls-cert server.pem --tls-key server.key");
    }

    private CoordinatorOptions Options(ParseResult parsed, CliEnvironment environment)
    {
        string? preset = parsed.GetValue(_preset), run = parsed.GetValue(_run);
        string[] set = parsed.GetValue(_set) ?? [];
        bool begun = run is not null && File.Exists(new RunFolder(run).Database);
        RunSpecification? specification = preset is not null ? PresetCatalog.Load(preset, set) : null;
        if (specification is null && set.Length > 0) throw new UserErrorException("--set: needs --preset, whose values it changes");
        if (specification is null && !begun)
        {
            throw new UserErrorException(run is null
                ? "name what to train with --preset, or a run to go on with by --run"
                : $"run folder {run}: there is no run in it; name what to train with --preset");
        }

        return new CoordinatorOptions
        {
            RunDirectory = run ?? RunFolder.ForNew(null, specification!.Name, environment.Time).Path,
            Specification = specification,
            Listen = parsed.GetRequiredValue(_listen),
            Web = parsed.GetRequiredValue(_web),
            TensorBoardDirectory = parsed.GetValue(_tensorBoard),
            Health = parsed.GetValue(_process.Health),
            LogFormat = parsed.GetValue(_process.LogFormat),
            Insecure = parsed.GetValue(_insecure),
            TlsCertificateFile = parsed.GetValue(_certificate),
            TlsKeyFile = parsed.GetValue(_key),
            Tokens = new CoordinatorTokens(Token(TokenSource.Worker), Token(TokenSource.Reader), Token(TokenSource.Operator)),
            ExitWhenFinished = parsed.GetValue(_exit),
            LostWorkerGrace = TimeSpan.FromSeconds(parsed.GetValue(_grace)),
            HeartbeatInterval = TimeSpan.FromSeconds(parsed.GetValue(_heartbeat)),
            Verbose = parsed.GetValue(_process.Verbose),
        };

        string? Token(string variable) => TokenSource.Read(environment, null, variable);
    }

    private static Option<double> Seconds(string name, string description, double value)
    {
        var option = new Option<double>(name) { Description = description, HelpName = "SECONDS", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 86_400)) result.AddError($"{name}: must be more than 0 and at most 86400 seconds.");
        });
        return option;
    }
}
