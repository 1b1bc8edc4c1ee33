namespace LoptCluster.Shared.Specification;

/// <summary>Rules for the values of a specification: the range of each key, and dependencies between keys.</summary>
internal static class SpecificationRules
{
    /// <summary>Side of the largest image of the procedural generator, in pixels.</summary>
    public const int LargestProceduralImage = 64;

    private const string TasksKey = "tasks";

    internal const string NameRule = "1 to 64 letters, digits, '-', '_' or '.'";

    /// <summary>A mistake, and the key to change.</summary>
    public readonly record struct Mistake(string Key, string Text);

    public static IEnumerable<Mistake> Mistakes(RunSpecification specification) =>
    [
        .. SpecificationKeys.All.SelectMany(key => OutOfRange(key, specification)),
        .. OfName(specification),
        .. specification.Tasks.IsEmpty ? OfOneProblem(specification) : OfTasks(specification),
        .. OfOptimizer(specification),
        .. OfDependentKeys(specification),
        .. OfUnrolling(specification),
        .. OfRpShare(specification),
    ];

    /// <summary>Rules for what may differ from problem to problem.</summary>
    private static IEnumerable<Mistake> OfOneProblem(RunSpecification specification) =>
        OfData(specification).Concat(OfProblem(specification));

    public static string NotAllowed(SpecificationKey key, string shown) => $"{key.Name} '{shown}' must be {key.Allowed}.";

    private static IEnumerable<Mistake> OutOfRange(SpecificationKey key, RunSpecification specification)
    {
        if (!key.Allows(key.Value(specification))) yield return new(key.Name, NotAllowed(key, key.Toml(specification)));
    }

    /// <summary>Rules between a mixture's tasks and the run: each mistake once, with the number of its task.</summary>
    private static IEnumerable<Mistake> OfTasks(RunSpecification s)
    {
        if (s.Tasks.IsEmpty) yield break;
        if (s.Tasks.Sum(task => task.Weight) <= 0)
            yield return new(TasksKey, "The weights of the tasks are all 0. At least one must be positive.");
        foreach (var same in s.Tasks.Where(task => task.Name.Length > 0).GroupBy(task => task.Name).Where(g => g.Count() > 1))
            yield return new(TasksKey, $"{same.Count()} tasks have the name '{same.Key}'. Names must differ.");
        for (int i = 0; i < s.Tasks.Length; i++)
        {
            var mistakes = s.Tasks[i].Corners(s).SelectMany(OfOneProblem).Select(mistake => mistake.Text).Distinct();
            foreach (string text in mistakes) yield return new(TasksKey, $"{s.Tasks[i].Title(i)}: {text}");
        }
    }

    private static IEnumerable<Mistake> OfName(RunSpecification s)
    {
        if (!IsName(s.Name))
            yield return new("name", $"name '{s.Name}' must be {NameRule}, because it names the run folder.");
    }

    private static IEnumerable<Mistake> OfData(RunSpecification s)
    {
        if (s.ImageChannels == 2)
            yield return new("imageChannels", "imageChannels '2' must be 1 (grey), 3 (colour) or 0 (as in the files).");
        if (s.Dataset != DatasetKind.Procedural || s.InnerProblem == InnerProblemKind.Quadratic) yield break;
        if (s.ImageSize is 0 or > LargestProceduralImage)
        {
            yield return new(
                "imageSize", $"imageSize '{s.ImageSize}' must be from 1 to {LargestProceduralImage} if dataset is 'procedural'.");
        }

        if (s.ImageChannels == 0)
            yield return new("imageChannels", "imageChannels '0' must be 1 or 3 if dataset is 'procedural', which has no files.");
    }

    private static IEnumerable<Mistake> OfProblem(RunSpecification s)
    {
        if (s.InnerProblem == InnerProblemKind.Convnet && s.ConvStrides.Length == 0)
            yield return new("convStrides", "convStrides '[]' must contain the stride of at least one convolution.");
        if (s.BatchNorm && s.InnerProblem != InnerProblemKind.Convnet)
            yield return new("batchNorm", $"batchNorm 'true' requires innerProblem 'convnet', not '{Word(s.InnerProblem)}'.");
        bool isTorch = s.InnerProblem == InnerProblemKind.Torch;
        if (isTorch && !IsName(s.TorchModule))
        {
            yield return new(
                "torchModule",
                $"torchModule '{s.TorchModule}' must name a module of the workers' program ({NameRule}) if innerProblem is 'torch'.");
        }

        if (!isTorch && s.TorchModule.Length > 0)
            yield return new("torchModule", $"torchModule '{s.TorchModule}' requires innerProblem 'torch', not '{Word(s.InnerProblem)}'.");
        if (s.InnerProblem == InnerProblemKind.Quadratic && s.Objective == OuterObjective.Valid)
            yield return new("objective", "objective 'valid' must be 'train' if innerProblem is 'quadratic', which has no data.");
    }

    private static IEnumerable<Mistake> OfUnrolling(RunSpecification s)
    {
        if (s.TruncationFirst > s.TruncationLast)
        {
            yield return new(
                "truncationFirst",
                $"truncationFirst '{s.TruncationFirst}' must be at most truncationLast '{s.TruncationLast}', because k only rises.");
        }

        // At w(t), before the update, the loss of the first step does not depend on θ: with k = 1 both estimators are zero.
        if (s.LossAt == LossConvention.BeforeUpdate && s.TruncationFirst == 1)
        {
            yield return new(
                "truncationFirst",
                "truncationFirst '1' must be at least 2 if lossAt is 'beforeUpdate': the loss of a single step does not depend on θ.");
        }

        if (s.OuterMinibatches > 1 && s.Objective == OuterObjective.Train)
        {
            yield return new(
                "outerMinibatches",
                $"outerMinibatches '{s.OuterMinibatches}' must be 1 if objective is 'train', whose loss is that of the step's minibatch.");
        }

        if (s.Mode == RunMode.Comparison)
        {
            yield return new(
                "mode",
                "mode 'comparison' must be 'asynchronous', 'synchronous' or 'search': 'lopt coordinator --evaluate THETA' begins "
                    + "comparisons.");
        }

        if (s.Mode == RunMode.Synchronous && s.Staleness != StalenessPolicy.Off)
        {
            yield return new(
                "staleness", $"staleness '{Word(s.Staleness)}' must be 'off' if mode is 'synchronous', in which no sample is ever stale.");
        }
    }

    private static IEnumerable<Mistake> OfOptimizer(RunSpecification s)
    {
        if (s.Nesterov && !s.Optimizer.HasMomentum())
        {
            yield return new(
                "nesterov", $"nesterov 'true' requires optimizer 'momentum' or 'momentumRegDecay', not '{Word(s.Optimizer)}'.");
        }

        if (s.Optimizer.IsSearchOnly() && s.Mode != RunMode.Search)
        {
            yield return new(
                "optimizer",
                $"optimizer '{Word(s.Optimizer)}' requires mode 'search': its hyper-parameters can be searched (lopt tune), not "
                    + "outer-trained.");
        }

        bool isTold = s.Optimizer is OptimizerKind.Mlp20 or OptimizerKind.Mlp28;
        if (isTold && s.TimeInputs == TimeInputs.None)
        {
            yield return new(
                "timeInputs",
                $"timeInputs 'none' requires optimizer 'mlp16' or 'mlp31': '{Word(s.Optimizer)}' has time among its inputs of the task.");
        }

        if (isTold && !s.MomentumInputs)
        {
            yield return new("momentumInputs", $"momentumInputs 'false' requires optimizer 'mlp16' or 'mlp31', not '{Word(s.Optimizer)}'.");
        }

        if (s.DivergenceFactor is > 0 and <= 1)
        {
            yield return new(
                "divergenceFactor", $"divergenceFactor '{s.DivergenceFactor}' must be above 1, or 0 for no divergence guard.");
        }

        if (s.Mode != RunMode.Search) yield break;
        if (s.Optimizer.IsMlp())
        {
            yield return new(
                "optimizer",
                $"optimizer '{Word(s.Optimizer)}' must be one with hyper-parameters, such as 'adamRegDecay', if mode is 'search': "
                    + "an MLP has no search space.");
        }

        if (s.EvaluateEveryUpdates == 0)
        {
            yield return new(
                "evaluateEveryUpdates", "evaluateEveryUpdates '0' must be positive if mode is 'search', which only evaluates.");
        }
    }

    private static IEnumerable<Mistake> OfDependentKeys(RunSpecification s)
    {
        foreach (var (group, key) in DependentKeys.Unused(s))
        {
            string given = key.Toml(s), only = key.Toml(RunSpecification.Default);
            if (given == only) continue;
            string choice = SpecificationKeys.Find(group.Choice)!.Toml(s).Trim('"');
            yield return new(
                key.Name, $"{key.Name} '{given}' must be '{only}', its default, if {group.Choice} is '{choice}': {group.Reason}.");
        }
    }

    private static IEnumerable<Mistake> OfRpShare(RunSpecification s)
    {
        if (s.RpShare == RpSharePolicy.All) yield break;
        if (!s.Estimator.IsMerged())
        {
            yield return new(
                "rpShare",
                $"rpShare '{Word(s.RpShare)}' requires estimator 'merged', 'merged-pes' or 'merged-nres', not '{Word(s.Estimator)}'.");
        }

        if (s.BatchSamples <= RunSpecification.LeastRpSamples)
        {
            yield return new(
                "rpShare",
                $"rpShare '{Word(s.RpShare)}' requires batchSamples above {RunSpecification.LeastRpSamples}, not {s.BatchSamples}: "
                + $"at least {RunSpecification.LeastRpSamples} samples of a batch compute g_rp, so a smaller batch has nothing to save.");
        }
    }

    internal static bool IsName(string name) =>
        name.Length is >= 1 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string Word(Enum word) => SpecificationWord.Of(word);
}
