using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Processes;
using LoptCluster.Cli.Runs;
using LoptCluster.Shared;
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

    /// <summary>The folder of the run to resume.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="kept">Options whose values a resumed run has already.</param>
    /// <exception cref="UserErrorException">There is no such run, or one of the options is given.</exception>
    public RunFolder ToResume(ParseResult parsed, params ReadOnlySpan<Option> kept)
    {
        var folder = RunFolder.ForResume(parsed.GetValue(Run));
        foreach (var option in kept)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                throw new UserErrorException(
                    $"--resume keeps the run's own values ({folder.Specification}). Omit {option.Name}, or start a new run.");
            }
        }

        return folder;
    }

    /// <summary>The request that resumes a run.</summary>
    public TrainRequest Resumed(ParseResult parsed, RunFolder folder, RunSpecification specification) => new()
    {
        Specification = specification,
        Folder = folder,
        Launch = Launch(parsed, LaunchRecord.Read(folder) ?? new LaunchRecord()),
        Resuming = true,
        Web = parsed.GetRequiredValue(Web),
    };

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
