using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Processes;
using LoptCluster.Cli.Runs;
using LoptCluster.Cli.Training;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Tuning;

/// <summary><c>lopt tune</c>: random search over the hyper-parameters of an optimizer, on the tasks of a preset (§4.4).</summary>
internal sealed class TuneCommand
{
    private readonly Option<string?> _preset = CommonOptions.Preset($"Preset whose tasks to tune on (default: {PresetCatalog.Default}).");
    private readonly LaunchOptions _launch = new();
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<bool> _json = CommonOptions.JsonResult("the summary (docs/SUMMARY.md)");

    private readonly Option<string> _optimizer = new("--optimizer")
    {
        Description = "Optimizer to tune, one with hyper-parameters: docs/BASELINES.md lists their spaces.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "adamRegDecay",
    };

    private readonly Option<int?> _configurations = NumberOptions.Positive(
        "--configurations", "Configurations to try; the first has the published values (default: 200).", "N");

    private readonly Option<int?> _tasks = NumberOptions.Positive(
        "--tasks", "Outer-train tasks that each configuration is tried on (default: 4).", "N");

    public static Command Create(CliEnvironment environment)
    {
        var tune = new TuneCommand();
        var command = new Command("tune", "Tune an optimizer's hyper-parameters over a task distribution by random search.")
        {
            tune._preset, tune._launch.Data, tune._optimizer, tune._configurations, tune._tasks, tune._launch.Run, tune._launch.Workers,
            tune._launch.Slots, tune._set, tune._launch.Resume, tune._launch.Web, tune._launch.TensorBoard, tune._json,
            tune._launch.Child,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(tune._launch.Child)) ParentWatch.Begin(environment);
            bool json = parsed.GetValue(tune._json);
            var screen = json ? environment.WithWordsOnError() : environment;
            return new TrainingSession(screen, tune.Request(parsed, environment), json ? environment.Output : null).RunAsync(cancellation);
        });
        return command.WithExamples(
            "lopt tune                                           # Adam's eight hyper-parameters on the quickstart's tasks",
            "lopt tune --preset cifar --data ~/cifar-10-batches-bin --optimizer momentumRegDecay --configurations 1000",
            "lopt evaluate theta.safetensors --against runs/tuned/theta.safetensors",
            "lopt tune --resume                                  # continue the newest run");
    }

    private TrainRequest Request(ParseResult parsed, CliEnvironment environment) =>
        parsed.GetValue(_launch.Resume) ? Resumed(parsed) : New(parsed, environment);

    private TrainRequest New(ParseResult parsed, CliEnvironment environment)
    {
        int configurations = parsed.GetValue(_configurations) ?? 200;
        string optimizer = parsed.GetRequiredValue(_optimizer);
        var preset = PresetSelection.Load(parsed.GetValue(_preset), parsed.GetValue(_launch.Data), parsed.GetValue(_set));
        var specification = TunedSpecification.Of(preset, optimizer, configurations, parsed.GetValue(_tasks) ?? 4);
        if (specification.OuterTrainShare == 0) throw new UserErrorException(TaskDistribution.NoTrainingClasses);
        return new TrainRequest
        {
            Command = "tune",
            Specification = specification,
            Folder = RunFolder.ForNew(parsed.GetValue(_launch.Run), $"{specification.Name}-{optimizer}", environment.Time),
            Launch = _launch.Launch(parsed, LaunchOptions.First(specification, environment)),
            Web = parsed.GetRequiredValue(_launch.Web),
        };
    }

    private TrainRequest Resumed(ParseResult parsed)
    {
        var folder = _launch.ToResume(parsed, _preset, _set, _optimizer, _configurations, _tasks);
        var specification = folder.ReadSpecification();
        if (specification.Mode != RunMode.Search)
        {
            throw new UserErrorException(
                $"The run in '{folder.Path}' is no search. Resume it with lopt train --resume --run {folder.Path}");
        }

        return _launch.Resumed(parsed, folder, specification) with { Command = "tune" };
    }
}
