using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Processes;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary><c>lopt train</c>: a whole run on this machine, from a preset to a trained θ and its comparison.</summary>
internal sealed class TrainCommand
{
    private readonly Option<string?> _preset = CommonOptions.Preset($"Preset to train (default: {PresetCatalog.Default}).");
    private readonly LaunchOptions _launch = new();
    private readonly Option<string[]> _set = CommonOptions.Set();
    private readonly Option<bool> _json = CommonOptions.JsonResult("the summary (docs/SUMMARY.md)");

    private readonly Option<SampleLedger?> _ledger = CommonOptions.Ledger();
    private readonly Option<string?> _from = CommonOptions.From();
    private readonly Option<int?> _updates = CommonOptions.Updates();

    public static Command Create(CliEnvironment environment)
    {
        var train = new TrainCommand();
        var command = new Command("train", "Outer-train a learned optimizer on this machine and compare it with tuned Adam.")
        {
            train._preset, train._launch.Data, train._launch.Run, train._launch.Workers, train._launch.Slots, train._set, train._ledger,
            train._from, train._launch.Resume, train._updates, train._launch.Web, train._launch.TensorBoard, train._json,
            train._launch.Child,
        };
        command.SetAction((parsed, cancellation) =>
        {
            if (parsed.GetValue(train._launch.Child)) ParentWatch.Begin(environment);
            bool json = parsed.GetValue(train._json);
            var screen = json ? environment.WithWordsOnError() : environment;
            return new TrainingSession(screen, train.Request(parsed, environment), json ? environment.Output : null).RunAsync(cancellation);
        });
        return command.WithExamples(
            "lopt train                                          # minutes, no files needed",
            "lopt train --preset pathology --set estimator=rp    # g_rp alone diverges",
            "lopt train --preset cifar --data ~/cifar-10-batches-bin --workers 2",
            "lopt train --from runs/mine --set innerSteps=2000   # begin from the best θ of another run",
            "lopt train --preset mixture --from theta:mixture-train   # from a θ that ships with lopt",
            "lopt train --resume                                 # continue the newest run",
            "lopt train --resume --run runs/mine --updates 500   # prolong it to 500 outer-updates");
    }

    private TrainRequest Request(ParseResult parsed, CliEnvironment environment) =>
        parsed.GetValue(_launch.Resume) ? Resumed(parsed) : New(parsed, environment);

    private TrainRequest New(ParseResult parsed, CliEnvironment environment)
    {
        if (parsed.GetValue(_updates) is not null)
            throw new UserErrorException("--updates prolongs a run and requires --resume. A new run takes --set outerUpdates=N.");
        var specification = PresetSelection.Load(parsed.GetValue(_preset), parsed.GetValue(_launch.Data), Assignments(parsed));
        if (specification.OuterTrainShare == 0) throw new UserErrorException(TaskDistribution.NoTrainingClasses);
        string? from = parsed.GetValue(_from);
        return new TrainRequest
        {
            Specification = specification,
            Folder = RunFolder.ForNew(parsed.GetValue(_launch.Run), specification.Name, environment.Time),
            Launch = _launch.Launch(parsed, LaunchOptions.First(specification, environment)) with
            {
                From = from is null ? null : WarmStart.PlaceOf(from),
            },
            From = from is null ? null : WarmStart.Load(from, specification),
            Web = parsed.GetRequiredValue(_launch.Web),
        };
    }

    private string[] Assignments(ParseResult parsed) =>
        [.. parsed.GetValue(_set) ?? [], .. CommonOptions.LedgerAssignment(parsed.GetValue(_ledger))];

    private TrainRequest Resumed(ParseResult parsed)
    {
        var folder = _launch.ToResume(parsed, _preset, _set, _ledger);
        if (parsed.GetValue(_from) is not null)
            throw new UserErrorException("--from begins a new run, and --resume continues one. Give one of the two.");
        int? updates = parsed.GetValue(_updates);
        if (updates is { } total && StoredUpdates.Of(folder.Path) is var done && total <= done)
            throw StoredUpdates.TooFew(total, folder.Path, done);
        return _launch.Resumed(parsed, folder, folder.ReadSpecification()) with { OuterUpdates = updates };
    }
}
