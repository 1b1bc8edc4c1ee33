using System.CommandLine;
using System.Text.Json;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary><c>lopt bench</c>: measures how close to this machine's peak the engine runs, and estimates the cost of a preset.</summary>
internal static class BenchCommand
{
    private const double DefaultSeconds = 1.5;

    public static Command Create(CliEnvironment environment)
    {
        var preset = CommonOptions.Preset($"Preset whose cost to estimate (default: {PresetCatalog.Default}).");
        var set = CommonOptions.Set();
        var cores = NumberOptions.PositiveList(
            "--cores", "Numbers of cores to estimate the cost for (default: 1, the cores of this machine, and 128).", "N");
        var seconds = NumberOptions.Seconds("--seconds", "Approximate time to measure each figure.", DefaultSeconds, most: 3600);
        var truncation = NumberOptions.Positive(
            "--truncation", "Instead, measure the time and the peak memory of one whole sample of K inner-steps.", "K");
        var json = CommonOptions.Json();
        var command = new Command("bench", "Measure kernel speed relative to one core's peak, and estimate the cost of a preset.")
        {
            preset, set, cores, seconds, truncation, json,
        };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var specification = PresetSelection.Load(parsed.GetValue(preset), null, parsed.GetValue(set));
                bool asJson = parsed.GetValue(json);
                Action<string> writeLine = asJson ? _ => { } : line => environment.WriteText(line, Indent);
                if (parsed.GetValue(truncation) is { } steps)
                {
                    var result = TruncationBenchmark.Measure(
                        specification, environment.InnerProblems, steps, environment.Time, cancellation);
                    if (asJson) environment.Output.WriteLine(JsonSerializer.Serialize(result, JsonSerializerOptions.Web));
                    else Write(result, writeLine);
                    return 0;
                }

                int[] counts = parsed.GetValue(cores) is { Length: > 0 } given ? given : DefaultCores;
                var duration = TimeSpan.FromSeconds(parsed.GetValue(seconds));
                var run = new BenchRun(
                    specification, environment.InnerProblems, duration, counts, environment.Time, writeLine,
                    environment.Console.Profile.Width);
                var measured = run.Measure(cancellation);
                if (asJson) environment.Output.WriteLine(JsonSerializer.Serialize(measured, JsonSerializerOptions.Web));
                return 0;
            },
            cancellation));
        return command.WithExamples(
            "lopt bench",
            "lopt bench --preset paper --cores 128 1024",
            "lopt bench --preset paper --truncation 10000 --set slotMemoryMegabytes=256",
            "lopt bench --json");
    }

    /// <summary>Blanks before the second line of a figure.</summary>
    private const int Indent = 4;

    private static int[] DefaultCores => [.. new[] { 1, Environment.ProcessorCount, 128 }.Distinct().Order()];

    private static void Write(TruncationBenchmark r, Action<string> writeLine)
    {
        writeLine(
            $"One sample of k = {DisplayFormat.Count(r.Steps)} inner-steps, both sides and both estimators: "
            + $"{DisplayFormat.Number(r.Seconds)} s");
        string recomputed = r.KeptGradients == r.Steps
            ? ""
            : $"; {DisplayFormat.Percent(1 - ((double)r.KeptGradients / r.Steps))} of the gradients are recomputed";
        writeLine($"  keeps {DisplayFormat.Number(r.PlannedMegabytes)} MB of slotMemoryMegabytes = {r.BudgetMegabytes}{recomputed}");
        if (r.PeakMegabytes is { } peak)
            writeLine($"  peak memory of the process {DisplayFormat.Number(peak)} MB (procedural images: no dataset in memory)");
    }
}
