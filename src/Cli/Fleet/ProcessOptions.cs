using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Processes;
using LoptCluster.Hosting.Logs;

namespace LoptCluster.Cli.Fleet;

/// <summary>The options that the two long-running processes, coordinator and worker, have in common.</summary>
/// <param name="verbose">Description of <c>--verbose</c>.</param>
internal sealed class ProcessOptions(string verbose)
{
    private readonly Option<bool> _child = ParentWatch.Option();

    public Option<string?> Health { get; } = new("--health")
    {
        Description = "Address and port of the gRPC health service for probes, without TLS or tokens; nothing else is served there (default: off).",
        HelpName = "ADDR:PORT",
    };

    public Option<LogFormat> LogFormat { get; } = new("--log-format")
    {
        Description = "Format of log lines on standard error: plain text, or one JSON object per line.",
        HelpName = "text|json",
    };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = verbose };

    public void AddTo(Command command)
    {
        command.Add(Health);
        command.Add(LogFormat);
        command.Add(Verbose);
        command.Add(_child);
    }

    /// <summary>Begins to watch the parent if this process is a child of <c>lopt train</c>.</summary>
    public void WatchParent(ParseResult parsed, CliEnvironment environment)
    {
        if (parsed.GetValue(_child)) ParentWatch.Begin(environment);
    }
}
