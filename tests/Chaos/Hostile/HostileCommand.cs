using System.CommandLine;

namespace LoptCluster.Chaos.Hostile;

/// <summary>Options of the command <c>hostile</c>, and what it runs.</summary>
internal static class HostileCommand
{
    public static Command Create()
    {
        var messages = CountOption.Create("--messages", "Hostile messages.", 100_000);
        var connections = CountOption.Create("--connections", "Connections that send them at the same time.", 50);
        var seed = CountOption.Create("--seed", "Seed of the generator.", 1);
        var pace = CountOption.Create(
            "--pace-seconds",
            "Seconds of each window of time in which the attackers send, or do not, while an honest worker's pace is measured.", 3);
        var least = new Option<double>("--least-pace")
        {
            Description = "Share of their pace that honest workers must keep; 0: any, for a machine that does other work meanwhile.",
            DefaultValueFactory = _ => 0.8,
        };
        var command = new Command(
            "hostile",
            "Sends a coordinator hostile messages: every field of every message that a peer can send, mutated, and bytes that are none. "
                + "Each must be refused by name, change nothing in the run, and cost honest workers little.")
        {
            messages, connections, seed, pace, least,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new HostileOptions(
                parsed.GetValue(messages), parsed.GetValue(connections), parsed.GetValue(seed), parsed.GetValue(pace),
                parsed.GetValue(least));
            return await new HostileScenario(options, Console.Out).RunAsync(cancellation) ? 0 : 1;
        });
        return command;
    }
}
