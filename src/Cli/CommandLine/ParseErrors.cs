using System.CommandLine;
using System.CommandLine.Parsing;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.CommandLine;

/// <summary>One-line message for a command line that cannot be parsed.</summary>
internal static class ParseErrors
{
    public static string Describe(ParseResult parsed)
    {
        string[] messages = [.. parsed.Errors.Select(error => error.Message.ReplaceLineEndings(" ").Trim()).Distinct()];

        // The parser reports a mistyped command as two errors: an unknown token and a missing command.
        if (Stray(parsed) is { } stray)
        {
            string hint = Nearest.Of(stray, Known(parsed)) is { } nearest ? $" Did you mean '{nearest}'?" : "";
            messages = [$"Unrecognized command or argument '{stray}'.{hint}"];
        }

        return $"{string.Join(' ', messages)} See '{PathOf(parsed)} --help'.";
    }

    /// <summary>A token that matches nothing, or an unknown option, which the parser assigns to a positional argument.</summary>
    private static string? Stray(ParseResult parsed) =>
        parsed.Tokens
            .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value
        ?? parsed.UnmatchedTokens.FirstOrDefault();

    private static IEnumerable<string> Known(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return [.. command.Subcommands.Select(sub => sub.Name), .. command.Options.Select(option => option.Name)];
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            names.Insert(0, result.Command.Name);
        }

        names[0] = "lopt";
        return string.Join(' ', names);
    }
}
