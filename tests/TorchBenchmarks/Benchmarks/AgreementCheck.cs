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
    private const int Minibatch = 16;

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
        foreach (var variant in VariantChoice.All(problem.HasImages))
        {
            foreach (var style in Enum.GetValues<TapeStyle>())
            {
                using var torch = new TorchSample(engine, variant, style);
                string name = $"{problem.Name}, {s.Objective.ToString().ToLowerInvariant()}, {(s.Estimator == Estimator.Es ? "without g_rp" : style)}, {variant}";
                yield return Agreement.Of(name, engine, torch);
            }
        }
    }
}
