using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Training;
using LoptCluster.Hosting.Logs;
using LoptCluster.Worker;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt worker</c>: joins a coordinator and unrolls.</summary>
internal sealed class WorkerCommand
{
    private readonly Option<string> _coordinator = new("--coordinator")
    {
        Description = "The coordinator's URL.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://" + Defaults.Listen,
    };

    private readonly Option<int?> _slots = CommonOptions.Positive("--slots", "Problems unrolled at the same time, a thread each; the cores if not said.", "N");
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"File with the worker's token; {TokenSource.Worker} in the environment does too.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _certificateAuthority = new("--ca")
    {
        Description = "PEM file with the certificate authority to trust instead of the system's.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Allow an unencrypted connection to another machine." };
    private readonly Option<string?> _metrics = new("--metrics")
    {
        Description = "Address and port of /metrics (Prometheus) and /healthz, plain http; off if not said.",
        HelpName = "ADDR:PORT",
    };

    private readonly Option<string?> _health = CommonOptions.Health();
    private readonly Option<LogFormat> _logFormat = CommonOptions.LogFormat();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Log each sample to standard error." };
    private readonly Option<bool> _child = ParentWatch.Option();

    public static Command Create(CliEnvironment environment)
    {
        var self = new WorkerCommand();
        var command = new Command("worker", "Join a coordinator and unroll inner-problems for it.")
        {
            self._coordinator, self._slots, self._data, self._tokenFile, self._certificateAuthority, self._insecure,
            self._metrics, self._health, self._logFormat, self._verbose, self._child,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(self._child)) ParentWatch.Begin(environment);
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
        Token = TokenSource.Read(environment, parsed.GetValue(_tokenFile), TokenSource.Worker),
        CaFile = parsed.GetValue(_certificateAuthority),
        Insecure = parsed.GetValue(_insecure),
        Metrics = parsed.GetValue(_metrics),
        Health = parsed.GetValue(_health),
        LogFormat = parsed.GetValue(_logFormat),
        Verbose = parsed.GetValue(_verbose),
    };
}
