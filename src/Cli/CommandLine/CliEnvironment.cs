using System.Text;
using LoptCluster.Engine.InnerProblems;
using Spectre.Console;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Everything outside the program that a command uses: streams, screen, clock, environment variables, signals.</summary>
/// <remarks>Tests supply their own.</remarks>
internal sealed class CliEnvironment : IDisposable
{
    private const int WidthOfAFile = 160;

    /// <summary>Characters of a line that is written at once.</summary>
    private const int LongestLine = 1 << 16;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Console for tables and the live screen; writes to standard output.</summary>
    public required IAnsiConsole Console { get; init; }

    public required StopSignals Stop { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Value of an environment variable; null if it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Inner-problems that this program can compute: the engine's, and the torch modules of the calling program.</summary>
    public IInnerProblemSource InnerProblems { get; init; } = InnerProblemFactory.BuiltIn;

    /// <summary>Whether there is a screen that can be drawn anew; otherwise lines are written one after the other.</summary>
    public bool IsLive => Console.Profile.Out.IsTerminal && Console.Profile.Capabilities.Ansi;

    public static CliEnvironment OfThisProcess(IInnerProblemSource? problems = null)
    {
        System.Console.SetError(WholeLines(System.Console.OpenStandardError()));
        var plain = PlainConsole(Environment.GetEnvironmentVariable("NO_COLOR"), new AnsiConsoleOutput(System.Console.Out));
        if (plain is not null)
        {
            // The runtime greets a terminal with the codes of its keypad, unless it has none.
            Environment.SetEnvironmentVariable("TERM", "dumb");
            AnsiConsole.Console = plain;
        }

        // A file or a pipe has no width that a table would have to fit in.
        if (!AnsiConsole.Profile.Out.IsTerminal) AnsiConsole.Profile.Width = WidthOfAFile;
        return new CliEnvironment
        {
            InnerProblems = problems ?? InnerProblemFactory.BuiltIn,
            Output = System.Console.Out,
            Error = System.Console.Error,
            Console = AnsiConsole.Console,
            Stop = StopSignals.OfThisProcess(),
        };
    }

    /// <summary>Writes a paragraph; on a terminal its lines end between words.</summary>
    /// <param name="text">The paragraph.</param>
    /// <param name="indent">Blanks before every line but the first.</param>
    public void WriteText(string text, int indent = 0)
    {
        // A file or a pipe has no width that a line would have to fit in.
        int width = Console.Profile.Out.IsTerminal ? Console.Profile.Width - 1 : int.MaxValue;
        foreach (string line in WrappedText.Lines(text, width, indent)) Output.WriteLine(line);
    }

    /// <summary>
    /// The same with everything that a person reads on standard error, for a command whose result goes to standard output as JSON.
    /// </summary>
    public CliEnvironment WithWordsOnError()
    {
        var output = new AnsiConsoleOutput(Error);
        var console = PlainConsole(Variable("NO_COLOR"), output) ?? AnsiConsole.Create(new AnsiConsoleSettings { Out = output });
        if (!output.IsTerminal) console.Profile.Width = WidthOfAFile;
        return new CliEnvironment
        {
            Output = Error,
            Error = Error,
            Console = console,
            Stop = Stop,
            Time = Time,
            Variable = Variable,
            InnerProblems = InnerProblems,
        };
    }

    public void Dispose() => Stop.Dispose();

    /// <summary>
    /// A writer that writes a line at once. The runtime's own writes 256 characters at a time, and whoever collects the output of a
    /// container may take each part for a line.
    /// </summary>
    private static TextWriter WholeLines(Stream stream) => TextWriter.Synchronized(
        new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), LongestLine) { AutoFlush = true });

    /// <summary>A console that writes text and no escape codes at all: no bold, no cursor movement, and so no live screen.</summary>
    /// <param name="noColor">Value of NO_COLOR (https://no-color.org); null or "" for a console as the terminal allows: null.</param>
    /// <param name="output">Where the text goes.</param>
    internal static IAnsiConsole? PlainConsole(string? noColor, IAnsiConsoleOutput output) => string.IsNullOrEmpty(noColor)
        ? null
        : AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = output });
}
