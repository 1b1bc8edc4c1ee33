using System.CommandLine;
using System.CommandLine.Parsing;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.CommandLine;

/// <summary>A command line that does not parse, in one line.</summary>
internal static class ParseErrors
{
    public static string Describe(ParseResult parsed)
    {
        string[] messages = [.. parsed.Errors.Select(error => error.Message.ReplaceLineEndings(" ").Trim()).Distinct()];

        // A mistyped command is two errors to the parser: a token it does not know, and a command that it misses.
        if (Stray(parsed) is { } stray)
        {
            string hint = Nearest.Of(stray, Known(parsed)) is { } nearest ? $" Did you mean {nearest}?" : "";
            messages = [$"Unrecognized command or argument '{stray}'.{hint}"];
        }

        return $"{string.Join(' ', messages)} (See {PathOf(parsed)} --help.)";
    }

    /// <summary>The token that nothing takes; or an option that is none, which the parser hands to a positional argument.</summary>
    private static string? Stray(ParseResult parsed) =>
        parsed.Tokens.FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value
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
