using System.CommandLine;
using System.CommandLine.Parsing;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Processes;
using LoptCluster.Hosting.Telemetry;

namespace LoptCluster.Cli.Fleet;

/// <summary>The options that the two long-running processes, coordinator and worker, have in common.</summary>
/// <param name="verbose">Description of <c>--verbose</c>.</param>
internal sealed class ProcessOptions(string verbose)
{
    private readonly Option<bool> _child = ParentWatch.Option();

    public Option<string?> Health { get; } = new("--health")
    {
        Description = "Address and port of the gRPC health service for probes, without TLS or tokens (default: off).",
        HelpName = "ADDR:PORT",
    };

    public Option<LogFormat> LogFormat { get; } = new("--log-format")
    {
        Description = "Format of the log on standard error, and of the addresses on standard output: plain text, or one JSON object per "
            + "line (default: text).",
        HelpName = "text|json",
        CustomParser = ParseLogFormat,
    };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = verbose };

    /// <summary>Format of the lines on standard error that a command line asks for; plain text for a command that has no log.</summary>
    public static LogFormat LogFormatOf(ParseResult parsed)
    {
        var option = parsed.CommandResult.Command.Options.OfType<Option<LogFormat>>().FirstOrDefault();
        return option is not null && parsed.GetResult(option) is { } result && !result.Errors.Any() ? parsed.GetValue(option) : default;
    }

    public void AddTo(Command command)
    {
        command.Add(Health);
        command.Add(LogFormat);
        command.Add(Verbose);
        command.Add(_child);
    }

    private static LogFormat ParseLogFormat(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (Enum.TryParse(text, ignoreCase: true, out LogFormat format) && Enum.IsDefined(format)) return format;
        result.AddError($"--log-format '{text}' must be text or json.");
        return default;
    }

    /// <summary>Begins to watch the parent if this process is a child of <c>lopt train</c>.</summary>
    public void WatchParent(ParseResult parsed, CliEnvironment environment)
    {
        if (parsed.GetValue(_child)) ParentWatch.Begin(environment);
    }
}
