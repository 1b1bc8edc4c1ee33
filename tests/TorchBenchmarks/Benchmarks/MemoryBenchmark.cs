using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;
using LoptCluster.TorchBenchmarks.EngineSide;
using LoptCluster.TorchBenchmarks.Figures;
using LoptCluster.TorchBenchmarks.Problems;
using LoptCluster.TorchBenchmarks.TorchSide;

namespace LoptCluster.TorchBenchmarks.Benchmarks;

/// <summary>
/// What an inner-step adds to the memory of a truncation: of the tape as the process' peak grows, of the engine as it plans.
/// </summary>
/// <remarks>Goes first: a peak shows growth only once.</remarks>
internal static class MemoryBenchmark
{
    private const int Minibatch = 64, FewSteps = 2, LongTruncation = 10_000;

    public static void Measure(BenchmarkReport report, OuterObjective objective)
    {
        double before = TapePeak(FewSteps, objective), after = TapePeak(report.Steps, objective);
        if (report.Steps > FewSteps)
            report.MegabytesPerStep[$"libtorch tape, convnet, batch {Minibatch}"] = (after - before) / (report.Steps - FewSteps);

        var problem = ProblemCase.Convnet(Minibatch, objective, report.Steps);
        using var engine = new EngineSample(problem, DatasetCatalog.Open(problem.Specification, null));
        foreach (int steps in (int[])[report.Steps, LongTruncation])
        {
            var plan = engine.Plan(steps);
            report.MegabytesPerStep[$"engine's plan for k = {steps:N0}, convnet"] = 1e-6 * plan.Bytes / steps;
        }
    }

    private static double TapePeak(int steps, OuterObjective objective)
    {
        var problem = ProblemCase.Convnet(Minibatch, objective, steps);
        using var engine = new EngineSample(problem, DatasetCatalog.Open(problem.Specification, null));
        using var tape = new TorchSample(engine, new Variant(MemoryLayout.ChannelsLast, OneDnn: true), TapeStyle.Tuned);
        tape.Run();
        return 1e-6 * (PeakMemory.Bytes() ?? 0);
    }
}
