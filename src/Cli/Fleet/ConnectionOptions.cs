using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Hosting.Credentials;

namespace LoptCluster.Cli.Fleet;

/// <summary>Options of every command that queries a running coordinator.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string> _from = new("--from")
    {
        Description = "Address of the coordinator: host:port or a URL.",
        HelpName = "ADDR",
        DefaultValueFactory = _ => Defaults.Listen,
    };

    private readonly Option<string?> _run = new("--run-name")
    {
        Description = "Name or id of the run, if the coordinator serves several (a study).",
        HelpName = "NAME",
    };

    private readonly Option<string?> _tokenFile = CommonOptions.TokenFile(
        $"File that contains the reader token (default: {TokenSource.Reader} or {TokenSource.Operator} in the environment).");

    private readonly TlsOptions _tls = new();

    private readonly Option<bool> _insecure = CommonOptions.InsecureConnection();

    public void AddTo(Command command)
    {
        command.Add(_from);
        command.Add(_run);
        command.Add(_tokenFile);
        _tls.AddTo(command);
        command.Add(_insecure);
    }

    /// <summary>Whether the command line names a coordinator, or how to call it.</summary>
    public bool AreGiven(ParseResult parsed) => ((Option[])[_from, _run, _tokenFile, _insecure])
        .Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <param name="parsed">The command line.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="asOperator">The operator's token is preferred where both are given.</param>
    public CoordinatorChannel Open(ParseResult parsed, CliEnvironment environment, bool asOperator = false) => CoordinatorChannel.Open(
        parsed.GetRequiredValue(_from),
        Token(parsed, environment, asOperator)?.One().Current,
        _tls.Of(parsed),
        parsed.GetValue(_insecure),
        parsed.GetValue(_run));

    private TokenOrigin? Token(ParseResult parsed, CliEnvironment environment, bool asOperator)
    {
        string? file = parsed.GetValue(_tokenFile);
        return asOperator
            ? TokenSource.Find(environment, file, TokenSource.Operator, TokenSource.Reader)
            : TokenSource.Find(environment, file, TokenSource.Reader, TokenSource.Operator);
    }
}
