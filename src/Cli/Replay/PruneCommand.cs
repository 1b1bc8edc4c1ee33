using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Runs;
using LoptCluster.Coordinator.Replay;

namespace LoptCluster.Cli.Replay;

/// <summary><c>lopt prune</c>: removes what a stopped run no longer needs from its files.</summary>
internal static class PruneCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var run = new Argument<string>("run") { Description = "Folder of the run, which must be stopped." };
        var keep = NumberOptions.Positive("--keep", "Newest outer-updates that can be replayed afterwards.", "N");
        keep.Required = true;
        var giveUp = new Option<bool>("--give-up-replay")
        {
            Description = "Prune also where the ledger lacks the gradients that a later replay's start is computed from.",
        };
        var command = new Command(
            "prune",
            "Remove the samples, gradients and versions of θ of old outer-updates from a run's files. The run resumes as before; history, "
                + "evaluations and evaluated θ stay. A replay begins where the removed updates end.")
        {
            run, keep, giveUp,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = new RunFolder(parsed.GetRequiredValue(run));
            bool gaveUp = parsed.GetValue(giveUp);
            long database = Length(folder.Database), ledger = Length(folder.Ledger);
            long? first = RunPruning.Prune(folder.Path, parsed.GetValue(keep)!.Value, gaveUp, cancellation);
            if (first is not { } version)
            {
                environment.Output.WriteLine("There is nothing to prune: no outer-update is older.");
                return Task.FromResult(0);
            }

            environment.Output.WriteLine(
                $"Pruned outer-updates up to {DisplayFormat.Count(version)}: {Sizes(folder.Database, database)}"
                    + $"{(ledger > 0 ? $", {Sizes(folder.Ledger, ledger)}" : "")}. "
                    + (gaveUp ? "The run can no longer be replayed." : $"A replay begins at version {version} of θ."));
            return Task.FromResult(0);
        });
        return command.WithExamples("lopt prune runs/mine --keep 1000");
    }

    private static string Sizes(string path, long before) =>
        $"{Path.GetFileName(path)} {DisplayFormat.Bytes(before)} → {DisplayFormat.Bytes(Length(path))}";

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
