using LoptCluster.Engine.InnerProblems;
using Spectre.Console;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Everything outside the program that a command uses: streams, screen, clock, environment variables, signals.</summary>
/// <remarks>Tests supply their own.</remarks>
internal sealed class CliEnvironment : IDisposable
{
    private const int WidthOfAFile = 160;

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

    public static CliEnvironment OfThisProcess(IInnerProblemSource? problems = null)
    {
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

    public void Dispose() => Stop.Dispose();
}
