using System.CommandLine;
using System.Text.Json;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Checks;

/// <summary><c>lopt bench</c>: how near this machine's limit the engine runs, and what a preset would cost on it.</summary>
internal static class BenchCommand
{
    private const double DefaultSeconds = 1.5;
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(CliEnvironment environment)
    {
        var preset = CommonOptions.Preset($"Whose cost to estimate; {PresetCatalog.Default} if not said.");
        var set = CommonOptions.Set();
        var cores = new Option<int[]>("--cores")
        {
            Description = "Cores to tell the cost on; 1, this machine's and 128 if not said.",
            HelpName = "N",
            AllowMultipleArgumentsPerToken = true,
        };
        cores.Validators.Add(r =>
        {
            foreach (int n in (r.GetValueOrDefault<int[]>() ?? []).Where(n => n < 1)) r.AddError($"--cores {n}: must be at least 1.");
        });
        var seconds = new Option<double>("--seconds") { Description = "How long each figure is measured, about.", HelpName = "S", DefaultValueFactory = _ => DefaultSeconds };
        seconds.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<double>() is not (> 0 and <= 3600)) r.AddError($"--seconds {r.Tokens[0].Value}: must be above 0 and at most 3600.");
        });
        var truncation = CommonOptions.Positive("--truncation", "Measure one whole sample of K inner-steps instead: its time, and the process' memory.", "K");
        var json = CommonOptions.Json();
        var command = new Command("bench", "Measure this machine: kernels against one core's peak, and the cost of a preset.") { preset, set, cores, seconds, truncation, json };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var specification = PresetSelection.Load(parsed.GetValue(preset), null, parsed.GetValue(set));
                bool asJson = parsed.GetValue(json);
                Action<string> say = asJson ? _ => { } : environment.Output.WriteLine;
                if (parsed.GetValue(truncation) is { } steps)
                {
                    var result = TruncationBenchmark.Measure(specification, environment.InnerProblems, steps, environment.Time, cancellation);
                    if (asJson) environment.Output.WriteLine(JsonSerializer.Serialize(result, JsonOptions));
                    else Say(result, say);
                    return 0;
                }

                int[] counts = parsed.GetValue(cores) is { Length: > 0 } given ? given : [.. new[] { 1, Environment.ProcessorCount, 128 }.Distinct().Order()];
                var run = new BenchRun(specification, environment.InnerProblems, TimeSpan.FromSeconds(parsed.GetValue(seconds)), counts, environment.Time, say);
                var measured = run.Measure(cancellation);
                if (asJson) environment.Output.WriteLine(JsonSerializer.Serialize(measured, JsonOptions));
                return 0;
            },
            cancellation));
        return command.WithExamples("lopt bench", "lopt bench --preset paper --cores 128 1024", "lopt bench --preset paper --truncation 10000 --set slotMemoryMegabytes=256", "lopt bench --json");
    }

    private static void Say(TruncationBenchmark r, Action<string> say)
    {
        say($"One sample of k = {DisplayFormat.Count(r.Steps)} inner-steps, both halves and both estimators: {DisplayFormat.Number(r.Seconds)} s");
        string again = r.KeptGradients == r.Steps ? "" : $"; {DisplayFormat.Percent(1 - ((double)r.KeptGradients / r.Steps))} of the gradients are computed again";
        say($"  keeps {DisplayFormat.Number(r.PlannedMegabytes)} MB of slotMemoryMegabytes = {r.BudgetMegabytes}{again}");
        if (r.PeakMegabytes is { } peak) say($"  the whole process held {DisplayFormat.Number(peak)} MB at most (procedural images: no dataset in memory)");
    }
}
