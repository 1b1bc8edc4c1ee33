using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Runs;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary><c>lopt train</c>: a whole run on this machine, from nothing to a compared θ.</summary>
internal sealed class TrainCommand
{
    private readonly Option<string?> _preset = CommonOptions.Preset($"What to train; {PresetCatalog.Default} if not said.");
    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<string[]> _set = CommonOptions.Set();

    private readonly Option<string?> _run = new("--run")
    {
        Description = $"Folder of the run; {RunFolder.Root}/<preset>-<date>-<time> if not said.",
        HelpName = "DIR",
    };

    private readonly Option<int?> _workers = CommonOptions.Positive("--workers", "Worker processes; one if not said.", "N");
    private readonly Option<int?> _slots = CommonOptions.Positive("--slots", "Slots of each worker, a thread each; the cores shared out if not said.", "M");

    private readonly Option<string> _web = new("--web")
    {
        Description = "Address and port of the live page, on loopback; port 0: any free one; off: none.",
        HelpName = "ADDR:PORT",
        DefaultValueFactory = _ => Defaults.AnyPort,
    };

    private readonly Option<string?> _tensorBoard = CommonOptions.TensorBoard();

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with the run in --run, or with the newest one, where it was stopped.",
    };

    public static Command Create(CliEnvironment environment)
    {
        var train = new TrainCommand();
        var command = new Command("train", "Outer-train a learned optimizer on this machine and compare it with tuned Adam.")
        {
            train._preset, train._data, train._run, train._workers, train._slots, train._set, train._resume, train._web, train._tensorBoard,
        };
        command.SetAction((parsed, cancellation) => new TrainingSession(environment, train.Request(parsed, environment)).RunAsync(cancellation));
        return command.WithExamples(
            "lopt train                                          # minutes, no files needed",
            "lopt train --preset pathology --set estimator=rp    # see why the paper was written",
            "lopt train --preset cifar --data ~/cifar-10-batches-bin --workers 2",
            "lopt train --resume                                 # go on with the newest run");
    }

    private TrainRequest Request(ParseResult parsed, CliEnvironment environment) =>
        parsed.GetValue(_resume) ? Resumed(parsed) : New(parsed, environment);

    private TrainRequest New(ParseResult parsed, CliEnvironment environment)
    {
        var specification = PresetSelection.Load(parsed.GetValue(_preset), parsed.GetValue(_data), parsed.GetValue(_set));
        return new TrainRequest
        {
            Specification = specification,
            Folder = RunFolder.ForNew(parsed.GetValue(_run), specification.Name, environment.Time),
            Launch = Launch(parsed, FirstLaunch(specification, environment)),
            Web = parsed.GetRequiredValue(_web),
        };
    }

    private TrainRequest Resumed(ParseResult parsed)
    {
        var folder = RunFolder.ForResume(parsed.GetValue(_run));
        if (parsed.GetValue(_preset) is not null || parsed.GetValue(_set) is { Length: > 0 })
        {
            throw new UserErrorException(
                $"--resume: goes on with the run's own values ({folder.Specification}); leave out --preset and --set, or start a new run");
        }

        return new TrainRequest
        {
            Specification = PresetCatalog.Load(folder.Specification),
            Folder = folder,
            Launch = Launch(parsed, LaunchRecord.Read(folder) ?? new LaunchRecord()),
            Resuming = true,
            Web = parsed.GetRequiredValue(_web),
        };
    }

    /// <summary>Where a process has fewer slots than there are cores, more processes.</summary>
    private static LaunchRecord FirstLaunch(RunSpecification specification, CliEnvironment environment) =>
        specification.InnerProblem == InnerProblemKind.Torch && environment.InnerProblems.SlotsPerProcess is { } slots
            ? new LaunchRecord { Workers = Math.Max(1, Environment.ProcessorCount / slots) }
            : new LaunchRecord();

    private LaunchRecord Launch(ParseResult parsed, LaunchRecord before)
    {
        int workers = parsed.GetValue(_workers) ?? before.Workers;
        return new LaunchRecord
        {
            Data = parsed.GetValue(_data) is { } data ? Path.GetFullPath(data) : before.Data,
            Workers = workers,
            TensorBoard = parsed.GetValue(_tensorBoard) is { } events ? Path.GetFullPath(events) : before.TensorBoard,
            Slots = parsed.GetValue(_slots) ?? Math.Max(1, Environment.ProcessorCount / workers),
        };
    }
}
