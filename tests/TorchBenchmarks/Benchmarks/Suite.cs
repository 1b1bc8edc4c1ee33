using LoptCluster.Engine.Benchmarking;
using LoptCluster.Shared.Specification;
using LoptCluster.TorchBenchmarks.Figures;
using LoptCluster.TorchBenchmarks.Measuring;
using LoptCluster.TorchBenchmarks.Problems;

namespace LoptCluster.TorchBenchmarks.Benchmarks;

/// <summary>All figures, with what each is to reach.</summary>
internal static class Suite
{
    private const int WarmUps = 2;

    /// <summary>A small net's sample takes milliseconds: more rounds steady its median and let the runtime compile.</summary>
    private const int SmallFactor = 8;

    private const double FloorGoal = 1.15, PlainAgainstTapeGoal = 6, PlainGoal = 2, SmallGoal = 10;

    private static readonly (int Minibatch, double Goal)[] Convnets = [(64, 2.2), (128, 2.0)];

    public static void Run(BenchmarkReport report, OuterObjective objective)
    {
        MemoryBenchmark.Measure(report, objective);
        var rounds = new Rounds(WarmUps, report.Rounds);
        var peaks = new List<double>();
        AddInnerStep(report);
        foreach (var (minibatch, goal) in Convnets)
        {
            var problem = ProblemCase.Convnet(minibatch, objective, report.Steps);
            using var benchmark = new SampleBenchmark(problem, report);
            var t = benchmark.Measure(rounds);
            t.AddTo(report, problem.Name);
            peaks.Add(t.PeakGflops.Median);
            report.Figures.Add(Figure.Least($"whole sample: tape / engine, {problem.Name}", t.Tape.Over(t.Engine), goal));
            report.Figures.Add(Figure.Told($"whole sample: hand-tuned tape / engine, {problem.Name}", t.HandTuned.Over(t.Engine)));
            report.Figures.Add(
                Figure.Most($"whole sample: engine / FLOP floor, {problem.Name}", t.OverFloor(benchmark.Flops()), FloorGoal));
            report.Figures.Add(Figure.Told($"whole sample: engine / fewest FLOPs, {problem.Name}", t.OverFloor(benchmark.FewestFlops())));
            report.Figures.Add(Figure.Least($"without g_rp: tape's whole sample / engine, "
                + $"{problem.Name}", t.Tape.Over(t.EnginePlain), PlainAgainstTapeGoal));
            report.Figures.Add(
                Figure.Least($"without g_rp: libtorch / engine, {problem.Name}", t.TorchPlain.Over(t.EnginePlain), PlainGoal));
        }

        var small = ProblemCase.SmallMlp(objective, report.Steps);
        var smallRounds = new Rounds(SmallFactor * WarmUps, SmallFactor * report.Rounds);
        using (var benchmark = new SampleBenchmark(small, report))
        {
            var t = benchmark.Measure(smallRounds);
            t.AddTo(report, small.Name);
            report.Figures.Add(Figure.Least($"whole sample: tape / engine, {small.Name}", t.Tape.Over(t.Engine), SmallGoal));
            report.Figures.Add(Figure.Told($"whole sample: hand-tuned tape / engine, {small.Name}", t.HandTuned.Over(t.Engine)));
        }

        report.FmaPeakGflops = new Series([.. peaks]).Median;
        report.WallOverProcessor = rounds.WallOverProcessor;
    }

    private static void AddInnerStep(BenchmarkReport report)
    {
        const double Goal = 1.03;
        using var problem = PaperProblems.All[0].Create(PaperProblems.Minibatch);
        var steps = InnerStepBenchmark.Measure(problem, report.Rounds, CancellationToken.None);
        var (learned, adam) = (new Series([.. steps.Learned]), new Series([.. steps.Adam]));
        const string Name = "convnet, batch 128";
        report.Figures.Add(Figure.Most($"learned inner-step / Adam inner-step, {Name}", learned.Over(adam), Goal));
        report.Timings.Add(Timing.Of($"learned inner-step, {Name}", learned.Times(1e-3), 1));
        report.Timings.Add(Timing.Of($"Adam inner-step, {Name}", adam.Times(1e-3), 1));
    }
}
