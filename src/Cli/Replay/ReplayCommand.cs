using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Replay;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Replay;

/// <summary><c>lopt replay</c>: computes the θ of a run again from its samples, or what other settings would have made of them.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _run = new("run") { Description = "Folder of the run; it may be going on." };
    private readonly Option<string?> _estimator = Value("--estimator", "What if another estimator had moved θ.", "NAME");
    private readonly Option<string?> _clip = Value("--clip", "What if the merged gradient had been clipped at ± X; 0: not at all.", "X");
    private readonly Option<string?> _rate = Value("--outer-learning-rate", "What if the outer-optimizer had had this rate.", "X");
    private readonly Option<string?> _staleness = Value("--staleness", "What if old samples had been treated so.", "POLICY");
    private readonly Option<string?> _limit = Value("--staleness-limit", "Age limit of that policy, in outer-updates.", "N");
    private readonly Option<string[]> _set = new("--set")
    {
        Description = $"What if a key had had another value; may be repeated. One of {string.Join(", ", WhatIf.Keys)}.",
        HelpName = "key=value",
    };

    private readonly Option<bool> _recompute = new("--recompute")
    {
        Description = "Unroll every sample again and compare it with the run's, also where the ledger has its gradients.",
    };

    private readonly Option<string?> _data = CommonOptions.Data();
    private readonly Option<int?> _slots = NumberOptions.Positive(
        "--slots", "Samples that are unrolled at the same time (default: the cores).", "M");

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "θ file to write the last θ to, for 'lopt evaluate'.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "HTML file for the curves beside the run's (default: replay.html in the run folder, for a what-if).",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create(CliEnvironment environment)
    {
        var self = new ReplayCommand();
        var command = new Command(
            "replay",
            "Compute every θ of a run again from its recorded samples, without workers, and check it bit for bit; or ask what other "
                + "settings would have made of the same samples.")
        {
            self._run, self._estimator, self._clip, self._rate, self._staleness, self._limit, self._set, self._recompute, self._data,
            self._slots, self._output, self._report, self._json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => self.Replay(parsed, environment, cancellation), cancellation));
        return command.WithExamples(
            "lopt replay runs/mine                               # exit status 1 at the first θ that differs",
            "lopt replay runs/mine --estimator es                # what if g_es alone had moved θ",
            "lopt replay runs/mine --clip 0 --outer-learning-rate 1e-3 -o whatif.safetensors",
            "lopt replay runs/mine --recompute                   # every sample again, from the seeds");
    }

    private int Replay(ParseResult parsed, CliEnvironment environment, CancellationToken cancellation)
    {
        var folder = new RunFolder(parsed.GetRequiredValue(_run));
        using var run = ReplayableRun.Open(folder.Path);
        var specification = WhatIf.Of(run.Specification, Assignments(parsed));
        var slots = new RunSlots(run, folder, parsed.GetValue(_data), environment);
        bool asJson = parsed.GetValue(_json);
        Prepare(_output, parsed.GetValue(_output));
        Prepare(_report, parsed.GetValue(_report));
        Action<string> writeLine = asJson ? environment.Error.WriteLine : line => environment.WriteText(line);
        var progress = new ReplayProgress(run, writeLine, environment.Time);
        var result = Replay(run, environment.Time, new ReplayOptions
        {
            Specification = specification,
            RecomputesAll = parsed.GetValue(_recompute),
            CreateSlot = slots.Create,
            Slots = parsed.GetValue(_slots) ?? slots.Default,
            OnRecompute = progress.OnRecompute,
        }, cancellation);

        if (asJson) environment.Output.WriteLine(ReplayJson.Compose(result));
        else ReplayText.Write(result, environment);
        string? report = parsed.GetValue(_report) ?? (result.IsWhatIf ? folder.Replay : null);
        if (report is not null) Write(environment, asJson, report, path => File.WriteAllText(path, ReplayPage.Compose(result)));
        if (parsed.GetValue(_output) is { } output) Write(environment, asJson, output, path => WriteTheta(path, result));
        return result.Difference is null ? 0 : ExitStatus.Negative;
    }

    private static void Prepare(Option<string?> option, string? path)
    {
        if (path is not null) OutputFile.Prepare(option.Name, path);
    }

    /// <summary>Replays up to the end, or up to the first difference.</summary>
    private static ReplayResult Replay(
        ReplayableRun run, TimeProvider time, ReplayOptions options, CancellationToken cancellation)
    {
        long started = time.GetTimestamp(), recomputed = 0;
        var first = run.FirstTheta;
        var (theta, points) = (first, new List<ReplayedPoint>());
        bool isRun = SpecificationDiff.Between(run.Specification, options.Specification).IsEmpty;
        string? difference = null;
        foreach (var update in run.Replay(options, cancellation))
        {
            theta = update.Theta;
            recomputed += update.Recomputed;
            points.Add(ReplayedPoint.Of(update, first));
            difference = DifferenceOf(update, run, isRun);
            if (difference is not null) break;
        }

        if (isRun && difference is null && run.HasSameOptimizer == false)
            difference = "Every θ is the same, but the state of the outer-optimizer in the run's file is another.";
        return new ReplayResult(
            run, options.Specification, points, theta, recomputed, difference, time.GetElapsedTime(started).TotalSeconds);
    }

    private static string? DifferenceOf(ReplayedUpdate update, ReplayableRun run, bool isRun)
    {
        string engine = run.RunEngine == EngineVersion.Current
            ? ""
            : $" The run was computed by engine version '{run.RunEngine}', this is '{EngineVersion.Current}'.";
        if (update.Difference is { } sample)
            return $"Outer-update {update.OuterUpdate} differs in a sample of its batch: {sample}.{engine}";
        if (!isRun || update.IsSame) return null;
        string apart = DisplayFormat.Number(ThetaDistance.Of(update.Theta, update.Original!));
        return $"θ differs at outer-update {update.OuterUpdate}: the replayed one is {apart} away from the run's.{engine}";
    }

    private IReadOnlyList<string> Assignments(ParseResult parsed)
    {
        (Option<string?> Option, string Key)[] shortcuts =
        [
            (_estimator, "estimator"), (_clip, "gradientClip"), (_rate, "outerLearningRate"), (_staleness, "staleness"),
            (_limit, "stalenessLimitUpdates"),
        ];
        return
        [
            .. from shortcut in shortcuts
               let value = parsed.GetValue(shortcut.Option)
               where value is not null
               select $"{shortcut.Key}={value}",
            .. parsed.GetValue(_set) ?? [],
        ];
    }

    private static void WriteTheta(string path, ReplayResult result)
    {
        var content = ThetaFileContent.Of(result.Theta, result.Specification, result.Run.RunId) with
        {
            Lineage = new RunLineage(null, result.Run.Plans),
        };
        ThetaFile.Write(path, content);
        ThetaCard.Write(path, content, result.Specification);
    }

    private static void Write(CliEnvironment environment, bool quiet, string path, Action<string> write)
    {
        try
        {
            write(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' cannot be written: {e.Message.TrimEnd('.')}. Give another path.", e);
        }

        if (!quiet) environment.WriteText($"Wrote {path}");
    }

    private static Option<string?> Value(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };
}
