using System.CommandLine;
using LoptCluster.Shared;

namespace LoptCluster.Chaos.Storage;

/// <summary>The command <c>storage</c> and its options.</summary>
internal static class StorageCommand
{
    public static Command Create()
    {
        var times = CountOption.Create("--times", "How often the disk becomes full, and the file is locked.", 20);
        var seed = CountOption.Create("--seed", "Seed of how long each lasts.", 1);
        var command = new Command(
            "storage",
            "Trains while the disk becomes full and has room again, and while another program locks the run's file. The coordinator must "
                + "say so, go on by itself, and lose nothing. Linux, as root: the disk is one of its own.")
        {
            times, seed,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                SmallDisk.Enter(Environment.GetCommandLineArgs()[1..]);
                var scenario = new StorageScenario(parsed.GetValue(times), parsed.GetValue(seed), Console.Out);
                return await scenario.RunAsync(cancellation) ? 0 : 1;
            }
            catch (UserErrorException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 2;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("Stopped: nothing was judged.");
                return 1;
            }
        });
        return command;
    }
}
