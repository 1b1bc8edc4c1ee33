using LoptCluster.Engine.InnerProblems;
using Spectre.Console;

namespace LoptCluster.Cli.CommandLine;

/// <summary>What a command meets outside itself: streams, screen, clock, environment variables, signals. Tests put their own here.</summary>
internal sealed class CliEnvironment : IDisposable
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>For tables and the live screen; writes to standard output.</summary>
    public required IAnsiConsole Console { get; init; }

    public required StopSignals Stop { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Null where the variable is not set.</summary>
    public Func<string, string?> Variable { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>What this program can compute: the engine's families, and the torch modules of the program that runs the command line.</summary>
    public IInnerProblemSource InnerProblems { get; init; } = InnerProblemFactory.BuiltIn;

    public static CliEnvironment OfThisProcess(IInnerProblemSource? problems = null) => new()
    {
        InnerProblems = problems ?? InnerProblemFactory.BuiltIn,
        Output = System.Console.Out,
        Error = System.Console.Error,
        Console = AnsiConsole.Console,
        Stop = StopSignals.OfThisProcess(),
    };

    public void Dispose() => Stop.Dispose();
}
