using System.Runtime.Intrinsics;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>Measures one thing after the other, and says each as soon as it is known.</summary>
/// <param name="duration">Of each measurement, about.</param>
/// <param name="cores">Whose cost to tell.</param>
/// <param name="say">Takes the lines for people.</param>
internal sealed class BenchRun(
    RunSpecification specification, IInnerProblemSource problemSource, TimeSpan duration, int[] cores, TimeProvider time, Action<string> say)
{
    private const int InnerStepRounds = 15;

    public BenchResult Measure(CancellationToken cancellation)
    {
        say($"Inner-problems of the paper, minibatch {PaperProblems.Minibatch}, one core: milliseconds, and share of the FMA peak by the operations of the");
        say("definition and by those done (Winograd's convolutions do fewer)");
        say($"  {"",-42}{"gradient",10} {"def.",8} {"done",8}{"Hessian-v.",13} {"def.",8} {"done",8}");
        var problems = PaperProblems.All.Select(p => Problem(p.Name, p.Create, cancellation)).ToArray();
        var paper = problems[0].Result;
        say($"  FMA peak {paper.FmaPeakGflops:0.0} GFLOP/s, vectors of {VectorBits} bits");

        using var convnet = PaperProblems.All[0].Create(PaperProblems.Minibatch);
        double update = LearnedUpdateBenchmark.Measure(cancellation);
        var step = InnerStepBenchmark.Measure(convnet, InnerStepRounds, cancellation);
        say("The paper's convnet, one core");
        say($"  learned update {update:0} µs; an inner-step takes {step.Ratio:0.000} × what it takes with Adam (paper: 1.16)");

        say($"Preset {specification.Name}");
        var preset = PresetBenchmark.Measure(specification, problemSource, duration, time, cancellation);
        say($"  one slot: {DisplayFormat.Count(preset.InnerStepsPerSecond)} inner-steps/s (both halves, both estimators), {DisplayFormat.Number(preset.SamplesPerSecond)} samples/s at k = {DisplayFormat.Count(preset.TruncationSteps)}");
        var plain = PresetBenchmark.Measure(WithoutRp, problemSource, duration, time, cancellation);
        say($"  without g_rp: {DisplayFormat.Count(plain.InnerStepsPerSecond)} inner-steps/s");
        double megabytes = Memory();
        say($"  a slot keeps {DisplayFormat.Number(megabytes)} MB for k = {DisplayFormat.Count(TruncationSchedule.LongestSteps(specification))} (slotMemoryMegabytes = {specification.SlotMemoryMegabytes})");
        var scaling = Environment.ProcessorCount > 1 ? SlotScaling.Measure(specification, problemSource, Environment.ProcessorCount, duration, time, cancellation) : null;
        if (scaling != null) say($"  {scaling.Slots} slots: {scaling.Ratio:0.00} × the inner-steps of one");
        var costs = cores.Select(n => Cost(n, preset, plain)).ToArray();
        foreach (var cost in costs) Say(cost);

        return new BenchResult
        {
            FmaPeakGflops = paper.FmaPeakGflops,
            VectorBits = VectorBits,
            GradientShareOfPeak = paper.GradientShareOfPeak,
            HvpShareOfPeak = paper.HvpShareOfPeak,
            GradientMilliseconds = paper.GradientMilliseconds,
            HvpMilliseconds = paper.HvpMilliseconds,
            LearnedUpdateMicroseconds = update,
            Problems = [.. problems.Select(p => p.Row)],
            InnerStepOverAdam = step.Ratio,
            Preset = preset.Preset,
            InnerStepsPerSecond = preset.InnerStepsPerSecond,
            SamplesPerSecond = preset.SamplesPerSecond,
            TruncationSteps = preset.TruncationSteps,
            InnerStepsPerSecondWithoutRp = plain.InnerStepsPerSecond,
            TruncationMegabytes = megabytes,
            SlotScaling = scaling,
            Costs = costs,
        };
    }

    private static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private RunSpecification WithoutRp => specification with { Estimator = Estimator.Es, RpShare = RpSharePolicy.All };

    private (ProblemBenchmark Result, BenchProblem Row) Problem(
        string name, Func<int, IInnerProblem> create, CancellationToken cancellation)
    {
        using var problem = create(PaperProblems.Minibatch);
        var r = ProblemBenchmark.Measure(problem, duration, cancellation);
        string gradient = $"{r.GradientMilliseconds,10:0.000} {r.GradientShareOfPeak,8:0.0 %} {r.GradientExecutedShare,8:0.0 %}";
        say($"  {name,-42}{gradient}{r.HvpMilliseconds,13:0.000} {r.HvpShareOfPeak,8:0.0 %} {r.HvpExecutedShare,8:0.0 %}");
        return (r, new BenchProblem(
            name, r.GradientMilliseconds, r.GradientShareOfPeak, r.GradientExecutedShare, r.HvpMilliseconds, r.HvpShareOfPeak, r.HvpExecutedShare));
    }

    private double Memory()
    {
        var still = StillTraining.Of(specification).Specification;
        using var slot = new Slot(still, DatasetCatalog.Open(still, null), problems: problemSource);
        return slot.Plan(TruncationSchedule.LongestSteps(specification)).Bytes / (double)(1 << 20);
    }

    private BenchCost Cost(int n, PresetBenchmark preset, PresetBenchmark plain)
    {
        double seconds = preset.RunTime(n).TotalSeconds, plainSeconds = plain.RunTime(n).TotalSeconds;
        double least = specification.RpShare == RpSharePolicy.All ? 1 : Math.Min(1, (double)RunSpecification.LeastRpSamples / specification.BatchSamples);
        return new BenchCost(n, seconds / specification.OuterUpdates, seconds, (least * seconds) + ((1 - least) * plainSeconds));
    }

    private void Say(BenchCost cost)
    {
        string run = DisplayFormat.Duration(TimeSpan.FromSeconds(cost.RunSeconds));
        if (specification.RpShare != RpSharePolicy.All) run = $"{DisplayFormat.Duration(TimeSpan.FromSeconds(cost.LeastRunSeconds))} (fewest g_rp) to {run} (all)";
        say($"  on {DisplayFormat.Plural(cost.Cores, "core"),-9} {DisplayFormat.Number(cost.UpdateSeconds)} s an outer-update, {run} the whole run");
    }
}
