using System.Text;
using System.Text.RegularExpressions;
using LoptCluster.Cli.CommandLine;
using Spectre.Console;
using Xunit;

namespace LoptCluster.Cli.Tests.CommandLine;

/// <summary>On a terminal of 60 columns no line is longer, and none ends within a word.</summary>
public sealed partial class NarrowTerminalTests
{
    private const int Width = 60;

    [Theory]
    [InlineData("theta", "list")]
    [InlineData("config", "list")]
    [InlineData("config", "diff", "paper", "paper-code")]
    [InlineData("verify")]
    [InlineData("bench", "--seconds", "0.02", "--set", "innerSteps=20", "truncationLast=20")]
    public async Task Command_OnANarrowTerminal_BreaksLinesBetweenWords(params string[] args)
    {
        string narrow = await OutputAsync(Width, args), wide = await OutputAsync(500, args);

        string[] tooLong = [.. narrow.Split('\n').Where(l => l.TrimEnd().Length > Width)];
        Assert.Empty(tooLong);
        // Measured times differ from call to call; words do not.
        string[] broken = [.. Words(narrow).Except(Words(wide))];
        Assert.Empty(broken);
    }

    private static IEnumerable<string> Words(string text) =>
        text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(w => !Digit().IsMatch(w) && w.Trim('─').Length > 0);

    private static async Task<string> OutputAsync(int width, string[] args)
    {
        using var stop = new StopSignals();
        using var output = new StringWriter();
        using var environment = new CliEnvironment
        {
            Output = output,
            Error = output,
            Console = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new Terminal(output, width),
            }),
            Stop = stop,
        };
        int status = await LoptCommandLine.RunAsync(args, environment);
        Assert.True(status == 0, output.ToString());
        return output.ToString();
    }

    [GeneratedRegex("[0-9]")]
    private static partial Regex Digit();

    private sealed class Terminal(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
