using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Worker;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt worker</c>: joins a coordinator and unrolls inner-problems for it.</summary>
internal sealed class WorkerCommand
{
    private readonly Option<string> _coordinator = new("--coordinator")
    {
        Description = "URL of the coordinator.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://" + Defaults.Listen,
    };

    private readonly Option<int?> _slots = NumberOptions.Positive(
        "--slots", "Number of problems unrolled in parallel, one thread each (default: the number of cores).", "N");

    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _tokenFile = CommonOptions.TokenFile(
        $"File that contains the worker token (default: {TokenSource.Worker} in the environment).");

    private readonly TlsOptions _tls = new();
    private readonly Option<bool> _insecure = CommonOptions.InsecureConnection();
    private readonly Option<string?> _metrics = new("--metrics")
    {
        Description = "Address and port of /metrics (Prometheus) and /healthz over plain HTTP (default: off).",
        HelpName = "ADDR:PORT",
    };

    private readonly ProcessOptions _process = new("Log every sample to standard error.");

    public static Command Create(CliEnvironment environment)
    {
        var self = new WorkerCommand();
        var command = new Command("worker", "Join a coordinator and unroll inner-problems for it.")
        {
            self._coordinator, self._slots, self._data, self._tokenFile, self._insecure, self._metrics,
        };
        self._tls.AddTo(command);
        self._process.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            self._process.WatchParent(parsed, environment);
            return WorkerProgram.RunAsync(self.Options(parsed, environment), cancellation);
        });
        return command.WithExamples(
            "lopt worker",
            "lopt worker --coordinator https://trainer.example:5317 --slots 8 --data ~/cifar-10-batches-bin --token-file worker.token");
    }

    private WorkerOptions Options(ParseResult parsed, CliEnvironment environment) => new()
    {
        Coordinator = parsed.GetRequiredValue(_coordinator),
        Slots = parsed.GetValue(_slots) ?? environment.InnerProblems.SlotsPerProcess ?? Environment.ProcessorCount,
        InnerProblems = environment.InnerProblems,
        DataDirectory = parsed.GetValue(_data),
        Token = TokenSource.Find(environment, parsed.GetValue(_tokenFile), TokenSource.Worker),
        Tls = _tls.Of(parsed),
        Insecure = parsed.GetValue(_insecure),
        Metrics = parsed.GetValue(_metrics),
        Health = parsed.GetValue(_process.Health),
        LogFormat = parsed.GetValue(_process.LogFormat),
        Verbose = parsed.GetValue(_process.Verbose),
    };
}
