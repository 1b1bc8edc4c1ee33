using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Report;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Description of a run before it starts: its problem, its horizon and the memory it will take.</summary>
internal static class RunNeeds
{
    /// <exception cref="UserErrorException">The longest truncation of a problem does not fit the memory of a slot.</exception>
    public static IEnumerable<string> Describe(TrainRequest request, IRunImages images, IInnerProblemSource problems)
    {
        var s = request.Specification;
        using var slot = new Slot(s, images, problems: problems);
        int theta = slot.Optimizer.ThetaLength, slots = request.Launch.Workers * request.Launch.Slots;
        LongestTruncation[] corners = [.. slot.LongestTruncations()];
        long memory = corners.Max(corner => corner.Plan.Bytes);
        string problem = s.Tasks.IsEmpty ? Problem(s) : $"a mixture of {DisplayFormat.Plural(s.Tasks.Length, "task")}";
        yield return $"{s.Name}: θ of {DisplayFormat.Count((long)theta)} parameters ({Word(s.Optimizer)}) for {problem}, "
            + $"{Span(corners.Select(corner => corner.InnerParameters))} inner-parameters";
        var tasks = s.Tasks.IsEmpty ? Tasks(corners[0].Setting, images) : MixtureNeeds.Describe(s, corners, images);
        foreach (string line in tasks) yield return line;

        yield return $"  horizon   T = {Of(c => c.InnerSteps)} inner-steps, minibatches of {Of(c => c.MinibatchSize)}, "
            + $"{Word(s.Objective)} objective; "
            + $"k from {DisplayFormat.Count((long)s.TruncationFirst)} to {DisplayFormat.Count((long)s.TruncationLast)}";
        string share = s.RpShare == RpSharePolicy.Adaptive ? ", adaptive share of g_rp" : "";
        long updates = request.OuterUpdates ?? StoredUpdates.Planned(request.Folder.Path, s);
        yield return $"  outer     {DisplayFormat.Plural(updates, "update")} of {s.BatchSamples} samples, "
            + $"{Word(s.Estimator)} estimator{share}, σ = {s.PerturbationStd:R}, {Word(s.Mode)}";
        yield return $"  machine   {Processes(request.Launch)}, {DisplayFormat.Bytes(memory)} per slot, "
            + $"{DisplayFormat.Bytes((double)memory * slots)} in total";
        if (request.From is { } start) yield return $"  start     {OriginText.Of(start.Origin)}{OtherScales(start.TrainedBy, s)}";
        yield return $"  run       {request.Folder.Path}";
        if (!request.Resuming)
        {
            foreach (string note in ScheduleNotes.Of(s)) yield return $"  note      {note}";
        }

        string Of(Func<RunSpecification, int> value) => Span(corners.Select(corner => value(corner.Setting.Specification)));
    }

    internal static string Processes(LaunchRecord launch) =>
        $"{launch.Workers} worker process{(launch.Workers == 1 ? "" : "es")} × {DisplayFormat.Plural(launch.Slots, "slot")}";

    /// <summary>The least and the greatest of some numbers: "200 to 4,000"; "500" if they are equal.</summary>
    internal static string Span(IEnumerable<int> numbers)
    {
        int[] all = [.. numbers];
        string least = DisplayFormat.Count((long)all.Min()), greatest = DisplayFormat.Count((long)all.Max());
        return least == greatest ? least : $"{least} to {greatest}";
    }

    private static IEnumerable<string> Tasks(ProblemSetting setting, IRunImages images)
    {
        if (setting.Specification.InnerProblem == InnerProblemKind.Quadratic) yield break;
        yield return $"  tasks     {setting.Tasks.ClassesPerTask} of {setting.Tasks.Classes(ClassSplit.OuterTrain).Length} classes; "
            + $"{setting.Tasks.Classes(ClassSplit.OuterTest).Length} more are held out · {images.Description}";
    }

    /// <summary>The same θ takes other steps with other scales.</summary>
    private static string OtherScales(RunSpecification? trainedBy, RunSpecification s) =>
        trainedBy is null || Scales(trainedBy) == Scales(s) ? "" : $"; there {Scales(trainedBy)}, here {Scales(s)}";

    private static string Scales(RunSpecification s) => string.Create(
        CultureInfo.InvariantCulture,
        $"stepScale is {s.StepScale:R}, stepDecay {Word(s.StepDecay)}, timeInputs {Word(s.TimeInputs)}, "
            + $"momentumInputs {(s.MomentumInputs ? "true" : "false")} and exponentScale {s.ExponentScale:R}");

    private static string Problem(RunSpecification s) => s.InnerProblem switch
    {
        InnerProblemKind.FullyConnected when s.HiddenUnits.Length == 0 => "a linear network",
        InnerProblemKind.FullyConnected => $"a fully connected network ({string.Join('-', s.HiddenUnits)})",
        InnerProblemKind.Convnet =>
            $"a convnet of {s.ConvStrides.Length} layers of {s.ConvChannels} channels{(s.BatchNorm ? " with batch norm" : "")}",
        InnerProblemKind.Torch => $"the torch module '{s.TorchModule}'",
        _ => "random quadratics",
    };

    private static string Word(Enum word) => SpecificationWord.Of(word);
}
