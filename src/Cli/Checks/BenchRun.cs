using System.Runtime.Intrinsics;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary>The measurements of <c>lopt bench</c>, one after the other; each is written as soon as it is known.</summary>
/// <param name="specification">Preset whose cost to estimate.</param>
/// <param name="problemSource">Source of inner-problems.</param>
/// <param name="duration">Approximate duration of each measurement.</param>
/// <param name="cores">Numbers of cores to estimate the cost for.</param>
/// <param name="time">Clock of the measurements.</param>
/// <param name="writeLine">Receives the lines of text.</param>
/// <param name="width">Columns that a line may have.</param>
internal sealed class BenchRun(
    RunSpecification specification,
    IInnerProblemSource problemSource,
    TimeSpan duration,
    int[] cores,
    TimeProvider time,
    Action<string> writeLine,
    int width)
{
    private const int NameWidth = 44, FiguresWidth = 59;

    private const int InnerStepRounds = 15;

    public BenchResult Measure(CancellationToken cancellation)
    {
        writeLine($"Inner-problems of the paper, minibatch {PaperProblems.Minibatch}, one core: milliseconds, and share of the FMA peak");
        writeLine("by the operations of the definition and by those executed (Winograd's convolutions execute fewer)");
        WriteRow("", $"{"gradient",10} {"def.",8} {"done",8}{"Hessian-v.",13} {"def.",8} {"done",8}");
        var problems = PaperProblems.All.Select(p => Problem(p.Name, p.Create, cancellation)).ToArray();
        var paper = problems[0].Result;
        writeLine($"  FMA peak {paper.FmaPeakGflops:0.0} GFLOP/s, vectors of {VectorBits} bits");

        using var convnet = PaperProblems.All[0].Create(PaperProblems.Minibatch);
        double update = LearnedUpdateBenchmark.Measure(cancellation);
        var step = InnerStepBenchmark.Measure(convnet, InnerStepRounds, cancellation);
        writeLine("The paper's convnet, one core");
        writeLine($"  learned update {update:0} µs; an inner-step takes {step.Ratio:0.000} × the time with Adam (paper: 1.16)");

        writeLine($"Preset {specification.Name}");
        var preset = PresetBenchmark.Measure(specification, problemSource, duration, time, cancellation);
        writeLine(
            $"  one slot: {DisplayFormat.Count(preset.InnerStepsPerSecond)} inner-steps/s (both sides, both estimators), "
            + $"{DisplayFormat.Number(preset.SamplesPerSecond)} samples/s at k = {DisplayFormat.Count(preset.TruncationSteps)}");
        var plain = PresetBenchmark.Measure(WithoutRp, problemSource, duration, time, cancellation);
        writeLine($"  without g_rp: {DisplayFormat.Count(plain.InnerStepsPerSecond)} inner-steps/s");
        var turn = SwitchBenchmark.Measure(specification, problemSource, preset.SamplesPerSecond, duration, time, cancellation);
        writeLine(
            $"  a slot turns to another problem in {DisplayFormat.Number(turn.Microseconds)} µs, "
            + $"{DisplayFormat.Number(100 * turn.SampleShare)} % of a sample");
        double megabytes = Memory();
        int longest = TruncationSchedule.LongestSteps(specification);
        writeLine(
            $"  a slot keeps {DisplayFormat.Number(megabytes)} MB for k = {DisplayFormat.Count((long)longest)} "
            + $"(slotMemoryMegabytes = {specification.SlotMemoryMegabytes})");
        int slots = Environment.ProcessorCount;
        var scaling = slots > 1 ? SlotScaling.Measure(specification, problemSource, slots, duration, time, cancellation) : null;
        if (scaling != null) writeLine($"  {scaling.Slots} slots: {scaling.Ratio:0.00} × the inner-steps of one slot");
        var costs = cores.Select(n => Cost(n, preset, plain)).ToArray();
        foreach (var cost in costs) Write(cost);

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
            Switch = turn,
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
        WriteRow(name, $"{gradient}{r.HvpMilliseconds,13:0.000} {r.HvpShareOfPeak,8:0.0 %} {r.HvpExecutedShare,8:0.0 %}");
        return (r, new BenchProblem(
            name,
            r.GradientMilliseconds,
            r.GradientShareOfPeak,
            r.GradientExecutedShare,
            r.HvpMilliseconds,
            r.HvpShareOfPeak,
            r.HvpExecutedShare));
    }

    /// <summary>A row of the table, whose name has a line of its own where both do not fit on one.</summary>
    private void WriteRow(string name, string figures)
    {
        string head = $"  {name}";
        if (width > NameWidth + FiguresWidth)
        {
            writeLine(head.PadRight(NameWidth) + figures);
            return;
        }

        if (name.Length > 0) writeLine(head);
        writeLine(figures[Math.Max(0, FiguresWidth + 1 - width)..]);
    }

    private double Memory()
    {
        var still = StillTraining.Of(specification).Specification;
        using var slot = new Slot(still, DatasetCatalog.OpenRun(still, null), problems: problemSource);
        return slot.LongestTruncations().Max(longest => longest.Plan.Bytes) / (double)(1 << 20);
    }

    private BenchCost Cost(int n, PresetBenchmark preset, PresetBenchmark plain)
    {
        double seconds = preset.RunTime(n).TotalSeconds, plainSeconds = plain.RunTime(n).TotalSeconds;
        double least = specification.RpShare == RpSharePolicy.All
            ? 1
            : Math.Min(1, (double)RunSpecification.LeastRpSamples / specification.BatchSamples);
        return new BenchCost(n, seconds / specification.OuterUpdates, seconds, (least * seconds) + ((1 - least) * plainSeconds));
    }

    private void Write(BenchCost cost)
    {
        string run = DisplayFormat.Duration(TimeSpan.FromSeconds(cost.RunSeconds));
        if (specification.RpShare != RpSharePolicy.All)
            run = $"{DisplayFormat.Duration(TimeSpan.FromSeconds(cost.LeastRunSeconds))} (fewest g_rp) to {run} (all)";
        writeLine(
            $"  on {DisplayFormat.Plural(cost.Cores, "core"),-9} {DisplayFormat.Number(cost.UpdateSeconds)} s per outer-update, "
            + $"{run} for the whole run");
    }
}
