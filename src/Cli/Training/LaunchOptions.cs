using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Processes;
using LoptCluster.Cli.Runs;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Options of the commands that run a coordinator and workers on this machine.</summary>
internal sealed class LaunchOptions
{
    public Option<string?> Data { get; } = CommonOptions.Data();

    public Option<string?> Run { get; } = new("--run")
    {
        Description = $"Folder of the run (default: {RunFolder.Root}/<preset>-<date>-<time>).",
        HelpName = "DIR",
    };

    public Option<int?> Workers { get; } = NumberOptions.Positive("--workers", "Number of worker processes (default: 1).", "N");

    public Option<int?> Slots { get; } = NumberOptions.Positive(
        "--slots", "Slots per worker, one thread each (default: the cores, divided among the workers).", "M");

    public Option<string> Web { get; } = new("--web")
    {
        Description = "Loopback address and port of the live page; port 0 picks a free port, 'off' disables the page.",
        HelpName = "ADDR:PORT",
        DefaultValueFactory = _ => Defaults.AnyPort,
    };

    public Option<string?> TensorBoard { get; } = CommonOptions.TensorBoard();

    public Option<bool> Resume { get; } = new("--resume")
    {
        Description = "Resume the run in --run, or the newest run, from where it stopped.",
    };

    public Option<bool> Child { get; } = ParentWatch.Option();

    /// <summary>Starts more processes if one process may have fewer slots than there are cores.</summary>
    public static LaunchRecord First(RunSpecification specification, CliEnvironment environment) =>
        specification.InnerProblem == InnerProblemKind.Torch && environment.InnerProblems.SlotsPerProcess is { } slots
            ? new LaunchRecord { Workers = Math.Max(1, Environment.ProcessorCount / slots) }
            : new LaunchRecord();

    /// <summary>How the run is launched, with what it was launched with before.</summary>
    public LaunchRecord Launch(ParseResult parsed, LaunchRecord before)
    {
        int workers = parsed.GetValue(Workers) ?? before.Workers;
        return new LaunchRecord
        {
            Data = parsed.GetValue(Data) is { } data ? Path.GetFullPath(data) : before.Data,
            Workers = workers,
            TensorBoard = parsed.GetValue(TensorBoard) is { } events ? Path.GetFullPath(events) : before.TensorBoard,
            From = before.From,
            Slots = parsed.GetValue(Slots) ?? Math.Max(1, Environment.ProcessorCount / workers),
        };
    }
}
