using LoptCluster.Cli.CommandLine;
using Spectre.Console.Testing;

namespace LoptCluster.Cli.Tests;

/// <summary>One run of <c>lopt</c> in this process, with all it wrote.</summary>
internal sealed record CliRun(int Status, string Output, string Error)
{
    public static async Task<CliRun> OfAsync(params string[] args) => await OfAsync(new Dictionary<string, string>(), args);

    public static async Task<CliRun> OfAsync(IReadOnlyDictionary<string, string> variables, params string[] args) =>
        await OfAsync(variables, null, args);

    /// <param name="stopAfter">Ctrl-C once a line begins with this.</param>
    public static async Task<CliRun> StoppedAsync(string stopAfter, params string[] args) =>
        await OfAsync(new Dictionary<string, string>(), stopAfter, args);

    private static async Task<CliRun> OfAsync(IReadOnlyDictionary<string, string> variables, string? stopAfter, string[] args)
    {
        using var stop = new StopSignals();
        using var output = new WatchedWriter(line =>
        {
            if (stopAfter is not null && line.StartsWith(stopAfter, StringComparison.Ordinal)) stop.Request();
        });
        using var error = new StringWriter();
        using var console = new TestConsole();
        using var environment = new CliEnvironment
        {
            Output = output,
            Error = error,
            Console = console,
            Stop = stop,
            Variable = variables.GetValueOrDefault,
        };
        int status = await LoptCommandLine.RunAsync(args, environment);
        return new CliRun(status, output.ToString() + console.Output, error.ToString());
    }

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Calls back for every line.</summary>
    private sealed class WatchedWriter(Action<string> onLine) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            onLine(value ?? "");
        }
    }
}
