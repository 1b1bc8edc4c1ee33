using System.Globalization;
using System.Text.RegularExpressions;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.Shared.Studies;

namespace LoptCluster.Cli.Studies;

/// <summary>One run of a study with its folder and its progress. Thread-safe.</summary>
internal sealed partial class StudyEntry(StudyRun run, RunFolder folder)
{
    private readonly Lock _lock = new();
    private StudyRunState _state;
    private double _progress;
    private string _failure = "";

    public StudyRun Run => run;

    public RunFolder Folder => folder;

    public StudyRunState State
    {
        get
        {
            lock (_lock) return _state;
        }
    }

    /// <summary>Outer-updates done, as a share of all.</summary>
    public double Progress
    {
        get
        {
            lock (_lock) return _progress;
        }
    }

    /// <summary>Why the run failed; "" if it did not.</summary>
    public string Failure
    {
        get
        {
            lock (_lock) return _failure;
        }
    }

    /// <summary>Where the run stands on a fleet; null on a machine, or before the fleet has said so.</summary>
    public RunStanding? Standing { get; private set; }

    /// <summary>The run's result; null before its end.</summary>
    public RunResult? Result => State == StudyRunState.Finished ? RunResult.Read(folder) ?? Recorded : null;

    /// <summary>What the run's own evaluations say so far; null before it has begun.</summary>
    public RunResult? Recorded => RecordedRun.Find(folder.Path) is { } recorded ? RunResult.Of(recorded) : null;

    /// <summary>Finds what earlier starts of the study have left: a run that is finished, or one of another specification.</summary>
    public void FindEarlier()
    {
        if (!File.Exists(folder.Specification)) return;
        if (Mismatch() is { } mismatch) Set(StudyRunState.Failed, mismatch);
        else if (File.Exists(folder.Summary)) Set(StudyRunState.Finished);
    }

    /// <summary>Arguments of the <c>lopt train</c> that begins or resumes the run.</summary>
    public IEnumerable<string> TrainArguments(StudyFile study, int slots)
    {
        string[] common = ["--run", folder.Path, "--slots", $"{slots}", "--web", "off", "--child"];
        if (!File.Exists(folder.Specification))
        {
            // Left by a kill before the run had begun.
            if (Directory.Exists(folder.Path)) Directory.Delete(folder.Path, recursive: true);
            string[] data = study.Data is null ? [] : ["--data", study.Data];
            var values = study.Assignments.Concat(run.Assignments).SelectMany(a => (string[])["--set", a]);
            return ["train", "--preset", study.Preset, .. data, .. values, .. common];
        }

        return ["train", "--resume", .. common];
    }

    public void Set(StudyRunState state, string failure = "")
    {
        lock (_lock) (_state, _failure) = (state, failure);
    }

    /// <summary>Takes over where the run stands on a fleet.</summary>
    public void Note(RunStanding standing)
    {
        lock (_lock)
        {
            Standing = standing;
            _progress = standing.OuterUpdates > 0 ? (double)standing.OuterUpdate / standing.OuterUpdates : 0;
            _state = standing.State switch
            {
                ServedState.Waiting => StudyRunState.Waiting,
                ServedState.Running => StudyRunState.Running,
                ServedState.Finished => StudyRunState.Finished,
                ServedState.Failed => StudyRunState.Failed,
                _ => StudyRunState.Stopped,
            };
            if (_state == StudyRunState.Failed) _failure = standing.Problem;
        }
    }

    /// <summary>Reads the progress off a line that <c>lopt train</c> printed.</summary>
    public void Note(string line)
    {
        if (UpdateLine().Match(line) is not { Success: true } match) return;
        double done = Count(match.Groups[1].Value), all = Count(match.Groups[2].Value);
        lock (_lock) _progress = all > 0 ? done / all : 0;
    }

    /// <summary>What differs between the run in the folder and the study's; null: nothing.</summary>
    public string? Mismatch()
    {
        var differences = SpecificationDiff.Between(PresetCatalog.Load(folder.Specification), run.Specification);
        return differences.IsEmpty
            ? null
            : $"'{folder.Path}' holds a run with {differences[0].Key.Name} {differences[0].First} instead of {differences[0].Second}. "
                + "The study file has changed: name another --folder, or delete that run.";
    }

    private static double Count(string text) => double.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^update ([\d,]+)/([\d,]+) ")]
    private static partial Regex UpdateLine();
}
