namespace LoptCluster.TorchBenchmarks.Figures;

/// <summary>A report for people.</summary>
internal static class ReportTable
{
    public static void Write(BenchmarkReport r, TextWriter output)
    {
        output.WriteLine(
            $"Engine against libtorch {r.Libtorch}: k = {r.Steps}, {r.Objective} objective, medians of {r.Rounds} rounds, taking turns.");
        output.WriteLine(
            $"Clock: processor time of the thread (wall clock {r.WallOverProcessor:0.00} × that). FMA peak {r.FmaPeakGflops:0.0} GFLOP/s.");
        if (r.Cores != 1) output.WriteLine("Not pinned to one core.");
        if (!r.AllocatorTuned) output.WriteLine("The allocator is not tuned: libtorch may be slower than it could be.");

        int width = r.Figures.Max(f => f.Name.Length);
        output.WriteLine();
        output.WriteLine($"{"figure".PadRight(width)}  measured  (quartiles)      goal     met");
        foreach (var f in r.Figures)
        {
            string goal = f.Goal is null ? "" : $"{(f.AtLeast ? "≥" : "≤")} {f.Goal:0.00}";
            string met = f.Met switch { true => "yes", false => "no", null => "" };
            string spread = $"({f.LowerQuartile:0.000}–{f.UpperQuartile:0.000})";
            output.WriteLine($"{f.Name.PadRight(width)}  {f.Measured,8:0.000}  {spread,-15}  {goal,-7}  {met}".TrimEnd());
        }

        width = r.Timings.Max(t => t.Name.Length);
        output.WriteLine();
        output.WriteLine($"{"per inner-step (a sample: both halves)".PadRight(width)}        ms  (quartiles)");
        foreach (var t in r.Timings)
            output.WriteLine($"{t.Name.PadRight(width)}  {t.Milliseconds,8:0.000}  ({t.LowerQuartile:0.000}–{t.UpperQuartile:0.000})");

        output.WriteLine();
        foreach (var (problem, variant) in r.Variants) output.WriteLine($"libtorch's best, {problem}: {variant}");
        foreach (var (name, megabytes) in r.MegabytesPerStep) output.WriteLine($"memory, {name}: {megabytes:0.00} MB an inner-step");
        output.WriteLine();
        foreach (var a in r.Agreements) output.WriteLine(Line(a));
    }

    public static string Line(Agreement a) =>
        $"{(a.IsGood ? "agree" : "DISAGREE")}: {a.Name}: loss {a.Loss:0.0e+0}, g_rp {a.GradientRp:0.0e+0}, final w {a.EndW:0.0e+0}";
}
