using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;
using LoptCluster.TorchBenchmarks.EngineSide;
using LoptCluster.TorchBenchmarks.Figures;
using LoptCluster.TorchBenchmarks.Problems;
using LoptCluster.TorchBenchmarks.TorchSide;

namespace LoptCluster.TorchBenchmarks.Benchmarks;

/// <summary>Both sides compute the same, whichever way libtorch is run: small minibatches, nothing timed.</summary>
internal static class AgreementCheck
{
    /// <summary>Where rounding takes one unit across the kink of its ReLU, g_rp moves by a share of 1 / minibatch.</summary>
    private const int Minibatch = 32;

    public static IEnumerable<Agreement> Run(int steps) =>
        from objective in Enum.GetValues<OuterObjective>()
        from problem in (ProblemCase[])[ProblemCase.Convnet(Minibatch, objective, steps), ProblemCase.SmallMlp(objective, steps)]
        from estimated in (ProblemCase[])[problem, problem.WithoutRp()]
        from agreement in Of(estimated)
        select agreement;

    private static IEnumerable<Agreement> Of(ProblemCase problem)
    {
        var s = problem.Specification;
        using var engine = new EngineSample(problem, DatasetCatalog.Open(s, null));
        var variants = VariantChoice.All(problem.HasImages).ToList();
        foreach (var variant in variants)
            yield return Check(variant, TapeStyle.Tuned, s.Estimator == Estimator.Es ? "without g_rp" : "tape");
        if (s.Estimator != Estimator.Es) yield return Check(variants[0], TapeStyle.HandTuned, "hand-tuned tape");

        Agreement Check(Variant variant, TapeStyle style, string way)
        {
            using var torch = new TorchSample(engine, variant, style);
            return Agreement.Of($"{problem.Name}, {s.Objective.ToString().ToLowerInvariant()}, {way}, {variant}", engine, torch);
        }
    }
}
