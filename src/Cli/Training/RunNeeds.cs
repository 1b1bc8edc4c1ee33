using System.Globalization;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>Description of a run before it starts: its problem, its horizon and the memory it will take.</summary>
internal static class RunNeeds
{
    public static IEnumerable<string> Describe(TrainRequest request, IImageDataset dataset, IInnerProblemSource problems)
    {
        var s = request.Specification;
        using var slot = new Slot(s, dataset, problems: problems);
        int parameters = slot.Problem.Layout.Length, theta = slot.Optimizer.ThetaLength;
        int slots = request.Launch.Workers * request.Launch.Slots;
        long memory = slot.Plan(TruncationSchedule.LongestSteps(s)).Bytes;
        yield return $"{s.Name}: θ of {DisplayFormat.Count((long)theta)} parameters ({Word(s.Optimizer)}) for {Problem(s)}, "
            + $"{DisplayFormat.Count((long)parameters)} inner-parameters";
        if (s.InnerProblem != InnerProblemKind.Quadratic)
        {
            var tasks = new TaskDistribution(dataset, s);
            yield return $"  tasks     {tasks.ClassesPerTask} of {tasks.Classes(ClassSplit.OuterTrain).Length} classes; "
                + $"{tasks.Classes(ClassSplit.OuterTest).Length} more are held out · {dataset.Description}";
        }

        yield return $"  horizon   T = {DisplayFormat.Count((long)s.InnerSteps)} inner-steps, minibatches of {s.MinibatchSize}, "
            + $"{Word(s.Objective)} objective; "
            + $"k from {DisplayFormat.Count((long)s.TruncationFirst)} to {DisplayFormat.Count((long)s.TruncationLast)}";
        string share = s.RpShare == RpSharePolicy.Adaptive ? ", adaptive share of g_rp" : "";
        long updates = request.OuterUpdates ?? s.OuterUpdates;
        yield return $"  outer     {DisplayFormat.Count(updates)} updates of {s.BatchSamples} samples, "
            + $"{Word(s.Estimator)} estimator{share}, σ = {s.PerturbationStd:R}, {Word(s.Mode)}";
        yield return $"  machine   {request.Launch.Workers} worker process{(request.Launch.Workers == 1 ? "" : "es")} × "
            + $"{DisplayFormat.Plural(request.Launch.Slots, "slot")}, {DisplayFormat.Bytes(memory)} per slot, "
            + $"{DisplayFormat.Bytes((double)memory * slots)} in total";
        if (request.From is { } start) yield return $"  start     {OriginText.Of(start.Origin)}{OtherScales(start.TrainedBy, s)}";
        yield return $"  run       {request.Folder.Path}";
    }

    /// <summary>The same θ takes other steps with other scales.</summary>
    private static string OtherScales(RunSpecification? trainedBy, RunSpecification s) =>
        trainedBy is null || (trainedBy.StepScale, trainedBy.ExponentScale) == (s.StepScale, s.ExponentScale)
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"; there stepScale was {trainedBy.StepScale:R} and exponentScale {trainedBy.ExponentScale:R}, here they are "
                    + $"{s.StepScale:R} and {s.ExponentScale:R}");

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
