using LoptCluster.Engine.Datasets;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.TorchBenchmarks.EngineSide;
using LoptCluster.TorchBenchmarks.Figures;
using LoptCluster.TorchBenchmarks.Measuring;
using LoptCluster.TorchBenchmarks.Problems;
using LoptCluster.TorchBenchmarks.TorchSide;

namespace LoptCluster.TorchBenchmarks.Benchmarks;

/// <summary>A sample by the engine and by libtorch, with g_rp and without, in turn; whether both find the same comes first.</summary>
internal sealed class SampleBenchmark : IDisposable
{
    private readonly ProblemCase _problem;
    private readonly EngineSample _whole;
    private readonly EngineSample _plain;
    private readonly TorchSample _tape;
    private readonly TorchSample _handTuned;
    private readonly TorchSample _noTape;

    public SampleBenchmark(ProblemCase problem, BenchmarkReport report)
    {
        _problem = problem;
        var dataset = DatasetCatalog.Open(problem.Specification, null);
        _whole = new EngineSample(problem, dataset);
        _plain = new EngineSample(problem.WithoutRp(), dataset);
        var variants = VariantChoice.All(problem.HasImages).ToList();
        var taped = VariantChoice.Best(_whole, variants, TapeStyle.Tuned);
        var plain = VariantChoice.Best(_plain, variants, TapeStyle.Tuned);
        report.Variants[problem.Name] = $"{taped}; without g_rp {plain}";
        _tape = new TorchSample(_whole, taped, TapeStyle.Tuned);
        _handTuned = new TorchSample(_whole, taped, TapeStyle.HandTuned);
        _noTape = new TorchSample(_plain, plain, TapeStyle.Tuned);
        foreach (var agreement in (Agreement[])
            [
                Agreement.Of($"{problem.Name}, tape", _whole, _tape),
                Agreement.Of($"{problem.Name}, hand-tuned tape", _whole, _handTuned),
                Agreement.Of($"{problem.Name}, without g_rp", _plain, _noTape),
            ])
        {
            report.Agreements.Add(agreement);
            if (!agreement.IsGood)
                throw new UserErrorException($"{ReportTable.Line(agreement)}. Allowed is {Agreement.Tolerance:0e+0}; no ratio is told.");
        }
    }

    public SampleTimes Measure(Rounds rounds)
    {
        var peaks = new List<double>();
        var times = rounds.Measure(
            () => _whole.Run(),
            () => peaks.Add(Rounds.FmaPeakGflops()),
            () => _tape.Run(),
            () => _plain.Run(),
            () => _noTape.Run(),
            () => _handTuned.Run());
        return new SampleTimes(times[0], times[2], times[3], times[4], times[5], new Series([.. peaks.TakeLast(rounds.Count)]));
    }

    /// <summary>
    /// Operations of the whole sample: gradient and Hessian-vector product, which computes its primal anew, of every step of both halves.
    /// </summary>
    public double Flops()
    {
        var (gradient, product) = _whole.Problem.Flops(Minibatch);
        return 2 * _problem.Steps * ((Gradients * gradient) + product);
    }

    /// <summary>
    /// The fewest: products that are given what the gradient computed, and none of the first step and of the last, which the gradient of θ
    /// does not need.
    /// </summary>
    public double FewestFlops()
    {
        double gradient = _whole.Problem.Flops(Minibatch).Gradient, product = _whole.Problem.HessianVectorFlopsWithIntermediates(Minibatch);
        return 2 * ((_problem.Steps * Gradients * gradient) + (Math.Max(0, _problem.Steps - 2) * product));
    }

    public void Dispose()
    {
        _whole.Dispose();
        _plain.Dispose();
        _tape.Dispose();
        _handTuned.Dispose();
        _noTape.Dispose();
    }

    private int Minibatch => _problem.Specification.MinibatchSize;

    /// <summary>A step's; of the outer-loss too where it has a minibatch of its own.</summary>
    private int Gradients => _problem.Specification.Objective == OuterObjective.Valid ? 2 : 1;
}
