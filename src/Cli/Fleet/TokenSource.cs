using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Fleet;

/// <summary>Reads tokens from a file or the environment; never from the command line, which other users of the machine can see.</summary>
internal static class TokenSource
{
    public const string Worker = "LOPT_WORKER_TOKEN";
    public const string Reader = "LOPT_READER_TOKEN";
    public const string Operator = "LOPT_OPERATOR_TOKEN";
    private const string FileSuffix = "_FILE";

    /// <summary>All variables that may contain a token or name its file.</summary>
    public static IEnumerable<string> Variables =>
        ((string[])[Worker, Reader, Operator]).SelectMany(name => (string[])[name, name + FileSuffix]);

    /// <summary>Token from the file, or else from the first variable that is set, directly or with _FILE; null if there is none.</summary>
    /// <exception cref="UserErrorException">A file cannot be read or is empty, or a variable is set in both forms.</exception>
    public static string? Read(CliEnvironment environment, string? file, params ReadOnlySpan<string> variables)
    {
        if (file is not null) return FromFile(file, "--token-file");
        foreach (string name in variables)
        {
            string? token = Given(environment, name), path = Given(environment, name + FileSuffix);
            if (token is not null && path is not null)
                throw new UserErrorException($"{name} and {name}{FileSuffix} are both set. Set only one of them.");
            if (token is not null) return token.Trim();
            if (path is not null) return FromFile(path, name + FileSuffix);
        }

        return null;
    }

    private static string? Given(CliEnvironment environment, string name) =>
        environment.Variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;

    private static string FromFile(string path, string origin)
    {
        try
        {
            string token = File.ReadAllText(path).Trim();
            return token != "" ? token : throw new UserErrorException($"{origin} '{path}' is empty. The file must contain the token.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{origin} '{path}' cannot be read: {e.Message}", e);
        }
    }
}
