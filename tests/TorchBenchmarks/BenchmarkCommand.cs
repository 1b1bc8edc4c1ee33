using System.CommandLine;
using System.Text.Json;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.TorchBenchmarks.Benchmarks;
using LoptCluster.TorchBenchmarks.Figures;
using LoptCluster.TorchBenchmarks.TorchSide;
using TorchSharp;

namespace LoptCluster.TorchBenchmarks;

/// <summary>
/// The command line. Status 0: measured, whatever the figures; 1: the sides disagree; 2: wrong usage; 3: libtorch does not load here.
/// </summary>
internal static class BenchmarkCommand
{
    private const int Disagreed = 1, NoLibtorch = 3;
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static RootCommand Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the report as JSON." };
        var check = new Option<bool>("--check")
        {
            Description = "Only whether engine and libtorch compute the same; seconds, nothing timed.",
        };
        var probe = new Option<bool>("--probe") { Description = "Only whether libtorch loads here." };
        var objective = new Option<OuterObjective>("--objective")
        {
            Description = "train: the step's own minibatch; valid: one more a step.",
        };
        var steps = new Option<int>("--steps") { Description = "k, inner-steps of a sample.", DefaultValueFactory = _ => 10 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds that the medians are over.", DefaultValueFactory = _ => 11 };
        foreach (var option in (Option<int>[])[steps, rounds])
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1) result.AddError($"{option.Name} is at least 1.");
            });
        }

        var command = new RootCommand("LoptCluster's engine against libtorch, side by side in one process.")
        {
            json, check, probe, objective, steps, rounds
        };
        command.SetAction(parsed =>
        {
            if (!LibTorch.Loads())
            {
                Console.Error.WriteLine(
                    "libtorch does not load on this system: it needs the C++ library of GCC 13 or later (Debian 13, Ubuntu 24.04).");
                return NoLibtorch;
            }

            if (parsed.GetValue(probe)) return 0;
            LibTorch.UseOneThread();
            if (parsed.GetValue(check)) return Check(parsed.GetValue(steps));
            return Measure(parsed.GetValue(objective), parsed.GetValue(steps), parsed.GetValue(rounds), parsed.GetValue(json));
        });
        return command;
    }

    private static int Check(int steps)
    {
        int bad = 0;
        foreach (var agreement in AgreementCheck.Run(steps))
        {
            Console.WriteLine(ReportTable.Line(agreement));
            if (!agreement.IsGood) bad++;
        }

        return bad == 0 ? 0 : Disagreed;
    }

    private static int Measure(OuterObjective objective, int steps, int rounds, bool json)
    {
        var report = BenchmarkReport.Start(objective, steps, rounds, torch.__version__);
        try
        {
            Suite.Run(report, objective);
        }
        catch (UserErrorException e)
        {
            Console.Error.WriteLine(e.Message);
            return Disagreed;
        }

        if (json) Console.WriteLine(JsonSerializer.Serialize(report, JsonOptions));
        else ReportTable.Write(report, Console.Out);
        return 0;
    }
}
