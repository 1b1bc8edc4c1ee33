using System.Collections.Immutable;

namespace LoptCluster.Shared.Specification;

/// <summary>What values are possible: each key's range, and what keys ask of one another.</summary>
internal static class SpecificationRules
{
    /// <summary>Side of the largest image that the procedural generator makes.</summary>
    public const int LargestProceduralImage = 64;

    /// <summary>A mistake and the key that is to be changed.</summary>
    public readonly record struct Mistake(string Key, string Text);

    public static IEnumerable<Mistake> Mistakes(RunSpecification specification) =>
        [.. SpecificationKeys.All.SelectMany(key => OutOfRange(key, specification)), .. Between(specification), .. OfScales(specification), .. OfRpShare(specification)];

    private static IEnumerable<Mistake> OutOfRange(SpecificationKey key, RunSpecification specification)
    {
        IEnumerable<double> numbers = key.Value(specification) switch
        {
            int i => [i],
            long l => [l],
            double d => [d],
            ImmutableArray<int> items => items.Select(item => (double)item),
            _ => [],
        };
        if (numbers.Any(x => !double.IsFinite(x) || x < key.Range.Min || x > key.Range.Max))
        {
            yield return new(key.Name, $"{key.Name} = {key.Toml(specification)}: must be {key.Allowed}");
        }
    }

    private static IEnumerable<Mistake> Between(RunSpecification s)
    {
        if (s.Name.Length is 0 or > 64 || s.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            yield return new("name", $"name = \"{s.Name}\": must be 1 … 64 letters, digits, '-', '_' or '.' (it names the run folder)");
        }

        if (s.ImageChannels == 2) yield return new("imageChannels", "imageChannels = 2: must be 1 (grey), 3 (colour) or 0 (as the files have it)");

        if (s.Dataset == DatasetKind.Procedural && s.InnerProblem != InnerProblemKind.Quadratic)
        {
            if (s.ImageSize is 0 or > LargestProceduralImage)
                yield return new("imageSize", $"imageSize = {s.ImageSize}: must be 1 … {LargestProceduralImage} where dataset = \"procedural\"");
            if (s.ImageChannels == 0)
                yield return new("imageChannels", "imageChannels = 0: must be 1 or 3 where dataset = \"procedural\"; there are no files to ask");
        }

        if (s.InnerProblem == InnerProblemKind.Convnet && s.ConvStrides.Length == 0)
            yield return new("convStrides", "convStrides = []: must hold the stride of at least one convolution");
        if (s.BatchNorm && s.InnerProblem != InnerProblemKind.Convnet)
            yield return new("batchNorm", $"batchNorm = true: needs innerProblem = \"convnet\", not {Word(s.InnerProblem)}");
        bool isTorch = s.InnerProblem == InnerProblemKind.Torch;
        if (isTorch && !IsModuleName(s.TorchModule))
            yield return new("torchModule", $"torchModule = \"{s.TorchModule}\": must be the name (1 … 64 letters, digits, '-', '_' or '.') of a module of the workers' program where innerProblem = \"torch\"");
        if (!isTorch && s.TorchModule.Length > 0)
            yield return new("torchModule", $"torchModule = \"{s.TorchModule}\": needs innerProblem = \"torch\", not {Word(s.InnerProblem)}");
        if (s.InnerProblem == InnerProblemKind.Quadratic && s.Objective == OuterObjective.Valid)
            yield return new("objective", "objective = \"valid\": must be \"train\" where innerProblem = \"quadratic\", which has no data");

        if (s.TruncationFirst > s.TruncationLast)
        {
            yield return new(
                "truncationFirst",
                $"truncationFirst = {s.TruncationFirst}: must be at most truncationLast = {s.TruncationLast}; k rises along the ramp");
        }

        // At w(t), before the update, the loss of the first step does not depend on θ: with k = 1 both estimators are zero.
        if (s.LossAt == LossConvention.BeforeUpdate && s.TruncationFirst == 1)
            yield return new("truncationFirst", "truncationFirst = 1: must be at least 2 where lossAt = \"beforeUpdate\"; one step's loss does not depend on θ");
        if (s.OuterMinibatches > 1 && s.Objective == OuterObjective.Train)
        {
            yield return new(
                "outerMinibatches",
                $"outerMinibatches = {s.OuterMinibatches}: must be 1 where objective = \"train\", whose loss is that of the step's own minibatch");
        }

        if (s.Mode == RunMode.Synchronous && s.Staleness != StalenessPolicy.Off)
            yield return new("staleness", $"staleness = {Word(s.Staleness)}: must be \"off\" where mode = \"synchronous\", in which no sample is ever stale");
    }

    private static IEnumerable<Mistake> OfScales(RunSpecification s)
    {
        if (s.Optimizer.IsMlp()) yield break;
        foreach (string name in RunSpecification.MlpScales)
        {
            var key = SpecificationKeys.Find(name)!;
            string only = key.Toml(RunSpecification.Default);
            if (key.Toml(s) == only) continue;
            yield return new(name, $"{name} = {key.Toml(s)}: must be {only}, its default, where optimizer = {Word(s.Optimizer)}; only the MLPs have this scale");
        }
    }

    private static IEnumerable<Mistake> OfRpShare(RunSpecification s)
    {
        if (s.RpShare == RpSharePolicy.All) yield break;
        if (s.Estimator != Estimator.Merged)
            yield return new("rpShare", $"rpShare = {Word(s.RpShare)}: needs estimator = \"merged\", not {Word(s.Estimator)}; one estimator alone has no share to choose");
        if (s.BatchSamples <= RunSpecification.LeastRpSamples)
        {
            yield return new(
                "rpShare",
                $"rpShare = {Word(s.RpShare)}: needs batchSamples above {RunSpecification.LeastRpSamples}, not {s.BatchSamples}; at least {RunSpecification.LeastRpSamples} samples of a batch compute g_rp, so a small batch leaves nothing to save");
        }
    }

    private static bool IsModuleName(string name) => name.Length is >= 1 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string Word(Enum word) => SpecificationValue.ToToml(word);
}
