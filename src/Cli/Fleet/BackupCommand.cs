using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Coordinator.Store;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt backup</c>: a run's file, copied while its coordinator goes on. It needs no other program, so it works inside the image too.</summary>
internal static class BackupCommand
{
    private const string StandardOutput = "-";

    public static Command Create(CliEnvironment environment)
    {
        var run = new Option<string>("--run") { Description = "Folder of the run.", HelpName = "DIR", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "New file to write; - is standard output.", HelpName = "FILE", Required = true };
        var command = new Command("backup", "Copy a run to one file, also while its coordinator goes on.") { run, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            string folder = parsed.GetRequiredValue(run), file = parsed.GetRequiredValue(output);
            if (file == StandardOutput)
            {
                await StreamAsync(folder, cancellation);
                return 0;
            }

            long update = RunBackup.Write(folder, file);
            environment.Output.WriteLine($"outer-update {DisplayFormat.Count(update)} is in {file}; go on from it as run.db of a folder of its own: lopt coordinator --run FOLDER");
            return 0;
        });
        return command.WithExamples(
            "lopt backup --run runs/mine -o backup/run.db",
            "kubectl exec lopt-coordinator-0 -- /app/lopt backup --run /var/lib/lopt/run -o - > run.db");
    }

    /// <summary>By way of a file beside the run's: nothing else need be writable.</summary>
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
