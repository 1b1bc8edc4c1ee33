using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Training;

/// <summary>What a run will need and do, said before it starts.</summary>
internal static class RunNeeds
{
    public static IEnumerable<string> Describe(TrainRequest request, IImageDataset dataset, IInnerProblemSource problems)
    {
        var s = request.Specification;
        using var slot = new Slot(s, dataset, problems: problems);
        int parameters = slot.Problem.Layout.Length, theta = slot.Optimizer.ThetaLength;
        int slots = request.Launch.Workers * request.Launch.Slots;
        long memory = slot.Plan(TruncationSchedule.LongestSteps(s)).Bytes;
        yield return $"{s.Name}: θ of {DisplayFormat.Count((long)theta)} numbers ({Word(s.Optimizer)}) for {Problem(s)}, {DisplayFormat.Count((long)parameters)} inner-parameters";
        if (s.InnerProblem != InnerProblemKind.Quadratic)
        {
            var tasks = new TaskDistribution(dataset, s);
            yield return $"  tasks     {tasks.ClassesPerTask} of {tasks.Classes(ClassSplit.OuterTrain).Length} classes; "
                + $"{tasks.Classes(ClassSplit.OuterTest).Length} more are held out · {dataset.Description}";
        }

        yield return $"  horizon   T = {DisplayFormat.Count((long)s.InnerSteps)} inner-steps, minibatches of {s.MinibatchSize}, {Word(s.Objective)} objective; "
            + $"k from {DisplayFormat.Count((long)s.TruncationFirst)} to {DisplayFormat.Count((long)s.TruncationLast)}";
        yield return $"  outer     {DisplayFormat.Count((long)s.OuterUpdates)} updates of {s.BatchSamples} samples, {Word(s.Estimator)} estimator{(s.RpShare == RpSharePolicy.Adaptive ? ", g_rp for as many as pay" : "")}, σ = {s.PerturbationStd:R}, {Word(s.Mode)}";
        yield return $"  machine   {request.Launch.Workers} worker process{(request.Launch.Workers == 1 ? "" : "es")} × {DisplayFormat.Plural(request.Launch.Slots, "slot")}, "
            + $"{DisplayFormat.Bytes(memory)} a slot, {DisplayFormat.Bytes((double)memory * slots)} together";
        yield return $"  run       {request.Folder.Path}";
    }

    private static string Problem(RunSpecification s) => s.InnerProblem switch
    {
        InnerProblemKind.FullyConnected => s.HiddenUnits.Length == 0 ? "a linear net" : $"a fully connected net ({string.Join('-', s.HiddenUnits)})",
        InnerProblemKind.Convnet => $"a convnet of {s.ConvStrides.Length} layers of {s.ConvChannels} channels{(s.BatchNorm ? " with batch norm" : "")}",
        InnerProblemKind.Torch => $"the torch module {s.TorchModule}",
        _ => "random quadratics",
    };

    private static string Word(Enum word) => word.ToString().ToLowerInvariant();
}
