using LoptCluster.Cli.CommandLine;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Fleet;

/// <summary>Finds tokens in a file or the environment; never from the command line, which other users of the machine can see.</summary>
internal static class TokenSource
{
    public const string Worker = "LOPT_WORKER_TOKEN";
    public const string Reader = "LOPT_READER_TOKEN";
    public const string Operator = "LOPT_OPERATOR_TOKEN";
    private const string FileSuffix = "_FILE";

    /// <summary>All variables that may contain a token or name its file.</summary>
    public static IEnumerable<string> Variables =>
        ((string[])[Worker, Reader, Operator]).SelectMany(name => (string[])[name, name + FileSuffix]);

    /// <summary>
    /// Origin of a token: the file, or else the first variable that is set, directly or with _FILE; null if there is none.
    /// </summary>
    /// <exception cref="UserErrorException">A variable is set in both forms.</exception>
    public static TokenOrigin? Find(CliEnvironment environment, string? file, params ReadOnlySpan<string> variables)
    {
        if (file is not null) return TokenOrigin.OfFile("--token-file", file);
        foreach (string name in variables)
        {
            string? token = Given(environment, name), path = Given(environment, name + FileSuffix);
            if (token is not null && path is not null)
                throw new UserErrorException($"{name} and {name}{FileSuffix} are both set. Set only one of them.");
            if (token is not null) return TokenOrigin.OfValue(name, token);
            if (path is not null) return TokenOrigin.OfFile(name + FileSuffix, path);
        }

        return null;
    }

    private static string? Given(CliEnvironment environment, string name) =>
        environment.Variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
