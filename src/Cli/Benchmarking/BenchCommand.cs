using System.CommandLine;
using System.Text.Json;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Screen;
using LoptCluster.Cli.Training;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Benchmarking;

/// <summary><c>lopt bench</c>: how near this machine's limit the engine runs, and what a preset would cost on it.</summary>
internal static class BenchCommand
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(CliEnvironment environment)
    {
        var preset = CommonOptions.Preset($"Whose cost to estimate; {PresetCatalog.Default} if not said.");
        var set = CommonOptions.Set();
        var json = CommonOptions.Json();
        var command = new Command("bench", "Measure one core of this machine: kernels against its peak, and the cost of a preset.") { preset, set, json };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var specification = PresetSelection.Load(parsed.GetValue(preset), null, parsed.GetValue(set));
                var result = BenchResult.Measure(specification, Duration, environment.Time, cancellation, environment.InnerProblems);
                if (parsed.GetValue(json)) environment.Output.WriteLine(JsonSerializer.Serialize(result, JsonOptions));
                else WriteLines(result, environment.Output);
                return 0;
            },
            cancellation));
        return command.WithExamples("lopt bench", "lopt bench --preset cifar", "lopt bench --json");
    }

    private static void WriteLines(BenchResult r, TextWriter output)
    {
        output.WriteLine("The paper's convnet, minibatch 128, one core:");
        output.WriteLine($"  FMA peak               {r.FmaPeakGflops:0.0} GFLOP/s");
        output.WriteLine($"  gradient               {r.GradientMilliseconds:0.00} ms, {r.GradientShareOfPeak:0.0%} of the peak");
        output.WriteLine($"  Hessian-vector product {r.HvpMilliseconds:0.00} ms, {r.HvpShareOfPeak:0.0%} of the peak");
        output.WriteLine($"  learned update         {r.LearnedUpdateMicroseconds:0} µs");
        output.WriteLine($"Preset {r.Preset}, one slot:");
        output.WriteLine($"  {Words.Count(r.InnerStepsPerSecond)} inner-steps/s (both halves and both estimators), {Words.Number(r.SamplesPerSecond)} samples/s at k = {Words.Count(r.TruncationSteps)}");
        foreach (var cost in r.Costs)
        {
            output.WriteLine(
                $"  on {Words.Plural(cost.Cores, "core"),-9} {Words.Number(cost.UpdateSeconds)} s an outer-update, {Words.Duration(TimeSpan.FromSeconds(cost.RunSeconds))} the whole run");
        }
    }
}
