using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Store;
using LoptCluster.Shared;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt backup</c>: copies a run's file while its coordinator keeps running.</summary>
/// <remarks>It needs no other program, so it also works inside the container image.</remarks>
internal static class BackupCommand
{
    private const string StandardOutput = "-";

    public static Command Create(CliEnvironment environment)
    {
        var run = new Option<string>("--run") { Description = "Folder of the run.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--output", "-o")
        {
            Description = "File to create; '-' writes to standard output.",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command("backup", "Copy a run to a single file, even while its coordinator is running.") { run, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            string folder = parsed.GetRequiredValue(run), file = parsed.GetRequiredValue(output);
            if (file == StandardOutput)
            {
                await StreamAsync(folder, cancellation);
                if (RunBackup.HasLedger(folder))
                {
                    environment.Error.WriteLine(
                        "The ledger of gradients (ledger.db) is not part of the stream: -o FILE copies it beside FILE. Without it a run "
                            + "resumes all the same, and 'lopt replay' unrolls its samples again.");
                }

                return 0;
            }

            OutputFile.Prepare("--output", file);
            string ledger = RunBackup.LedgerPath(file);
            bool hasLedger = RunBackup.HasLedger(folder);
            if (hasLedger && File.Exists(ledger))
                throw new UserErrorException($"{ledger}: is there already; a back-up overwrites nothing, name another file");
            long update = RunBackup.Write(folder, file);
            if (hasLedger) RunBackup.WriteLedger(folder, ledger);
            environment.WriteText(
                $"Saved outer-update {DisplayFormat.Count(update)} to '{file}'{(hasLedger ? $", with its gradients in '{ledger}'" : "")}. "
                + $"To resume from it, put it into an empty folder as run.db{(hasLedger ? ", and the gradients as ledger.db" : "")}: "
                + "lopt coordinator --run FOLDER");
            return 0;
        });
        return command.WithExamples(
            "lopt backup --run runs/mine -o backup/run.db",
            "kubectl exec lopt-coordinator-0 -- /app/lopt backup --run /var/lib/lopt/run -o - > run.db");
    }

    /// <summary>Copies by way of a file beside the run's own: no other folder need be writable.</summary>
    private static async Task StreamAsync(string folder, CancellationToken cancellation)
    {
        string file = Path.Combine(folder, $"backup-{Environment.ProcessId}-{Guid.NewGuid():N}.db");
        try
        {
            RunBackup.Write(folder, file);
            await using var copy = File.OpenRead(file);
            await using var output = Console.OpenStandardOutput();
            await copy.CopyToAsync(output, cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
