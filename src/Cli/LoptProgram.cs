using System.Reflection;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Processes;
using LoptCluster.Engine.InnerProblems;

namespace LoptCluster.Cli;

/// <summary>Entry point of <c>lopt</c> as a library: a program with its own inner-problems gets all commands.</summary>
/// <remarks><c>train</c> starts its coordinator and workers as processes of the calling program.</remarks>
public static class LoptProgram
{
    /// <param name="args">Command-line arguments, as for <c>lopt</c>.</param>
    /// <param name="problems">Source of inner-problems; null: the engine's built-in ones.</param>
    /// <returns>Exit status: 2 after a user error, which standard error names in one line; 130 after Ctrl-C.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, IInnerProblemSource? problems = null)
    {
        LoptExecutable.Program = Assembly.GetEntryAssembly() ?? LoptExecutable.Program;
        using var environment = CliEnvironment.OfThisProcess(problems);
        return await LoptCommandLine.RunAsync(args, environment);
    }
}
