using System.Reflection;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Processes;
using LoptCluster.Engine.InnerProblems;

namespace LoptCluster.Cli;

/// <summary><c>lopt</c> as a library: a program with inner-problems of its own has every command of it.</summary>
/// <remarks>The coordinator and the workers that <c>train</c> starts are processes of the calling program.</remarks>
public static class LoptProgram
{
    /// <param name="args">As <c>lopt</c> takes them.</param>
    /// <param name="problems">Null: the engine's own.</param>
    /// <returns>Exit status: 2 after a mistake that a line on standard error names, 130 after Ctrl-C.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, IInnerProblemSource? problems = null)
    {
        LoptExecutable.Program = Assembly.GetEntryAssembly() ?? LoptExecutable.Program;
        using var environment = CliEnvironment.OfThisProcess(problems);
        return await LoptCommandLine.RunAsync(args, environment);
    }
}
