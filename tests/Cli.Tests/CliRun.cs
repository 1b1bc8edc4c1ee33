using LoptCluster.Cli.CommandLine;
using Spectre.Console.Testing;

namespace LoptCluster.Cli.Tests;

/// <summary>One run of <c>lopt</c> in this process, with all it wrote.</summary>
internal sealed record CliRun(int Status, string Output, string Error)
{
    public static async Task<CliRun> OfAsync(params string[] args) => await OfAsync(new Dictionary<string, string>(), args);

    public static async Task<CliRun> OfAsync(IReadOnlyDictionary<string, string> variables, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var console = new TestConsole();
        using var environment = new CliEnvironment
        {
            Output = output,
            Error = error,
            Console = console,
            Stop = new StopSignals(),
            Variable = variables.GetValueOrDefault,
        };
        int status = await LoptCommandLine.RunAsync(args, environment);
        return new CliRun(status, output.ToString() + console.Output, error.ToString());
    }

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
