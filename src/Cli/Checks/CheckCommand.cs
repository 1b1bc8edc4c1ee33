using System.CommandLine;
using System.Text.Json;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Store;

namespace LoptCluster.Cli.Checks;

/// <summary><c>lopt check</c>: says what of a run's file is whole and what is not.</summary>
internal static class CheckCommand
{
    private const int Shown = 20;

    public static Command Create(CliEnvironment environment)
    {
        var run = new Argument<string>("run") { Description = "Folder of the run." };
        var json = CommonOptions.Json();
        var command = new Command(
            "check",
            "Compare what run.db holds with its checksums, and examine its pages. Nothing is changed; the run may be going. The exit "
                + "status is 1 if something is damaged.") { run, json };
        command.SetAction(parsed => Check(environment.Output, parsed.GetRequiredValue(run), parsed.GetValue(json)));
        return command.WithExamples("lopt check runs/mine");
    }

    private static int Check(TextWriter output, string run, bool json)
    {
        var parts = RunCheck.Of(run);
        bool isWhole = parts.All(p => p.IsWhole);
        if (json) output.WriteLine(JsonSerializer.Serialize(new { Whole = isWhole, Parts = parts }, JsonSerializerOptions.Web));
        else Show(output, run, parts, isWhole);
        return isWhole ? 0 : ExitStatus.Negative;
    }

    private static void Show(TextWriter output, string run, IReadOnlyList<Examined> parts, bool isWhole)
    {
        foreach (var part in parts)
        {
            string unsealed = part.Unsealed == 0 ? "" : $" ({DisplayFormat.Count(part.Unsealed)} without a checksum)";
            output.WriteLine($"{(part.IsWhole ? "whole  " : "DAMAGED")}  {DisplayFormat.Count(part.Items)} {part.Part}{unsealed}");
            foreach (string damage in part.Damage.Take(Shown)) output.WriteLine($"           {damage}");
            if (part.Damage.Count > Shown) output.WriteLine($"           and {DisplayFormat.Count(part.Damage.Count - Shown)} more");
        }

        output.WriteLine(
            isWhole
                ? $"The file of run '{run}' is whole."
                : $"The file of run '{run}' is damaged. Nothing was changed; a back-up ('lopt backup' makes them) can take its place.");
    }
}
