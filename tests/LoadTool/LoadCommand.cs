using System.CommandLine;

namespace LoptCluster.LoadTool;

/// <summary>Options of the tool, and what they run. Status 0: measured, whatever the figures; 2: wrong usage.</summary>
internal static class LoadCommand
{
    public static RootCommand Create()
    {
        var streams = Count("--streams", "Workers to join, each with a stream of its own.", 100);
        var connections = new Option<int?>("--connections")
        {
            Description = "TCP connections that the streams share (default: one for each stream, as workers have).",
        };
        var slots = Count("--slots", "Slots of each worker: samples of it that wait for their acknowledgement at once.", 4);
        var think = new Option<int>("--think-ms")
        {
            Description = "Milliseconds from an acknowledgement to the next sample of that slot, on average (default: 0).",
        };
        var seconds = Count("--seconds", "Seconds to measure.", 30);
        var warmUp = Count("--warm-up", "Seconds before that.", 10);
        var values = new Option<string[]>("--set")
        {
            Description = "Override a value of the run; may be repeated.",
            HelpName = "key=value",
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new RootCommand(
            "Starts a coordinator and loads it with workers that send well-formed samples of their problems, fabricated instead of "
                + "computed. Measures acknowledged (durable) samples, the time to an acknowledgement, the time until a new θ is "
                + "everywhere, and what the coordinator takes.")
        {
            streams, connections, slots, think, seconds, warmUp, values, json, Restart(),
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            int count = parsed.GetValue(streams);
            var options = new LoadOptions(
                count, Math.Clamp(parsed.GetValue(connections) ?? count, 1, count), parsed.GetValue(slots),
                TimeSpan.FromMilliseconds(parsed.GetValue(think)), parsed.GetValue(seconds), parsed.GetValue(warmUp),
                parsed.GetValue(values) ?? []);
            var result = await new LoadRun(options).MeasureAsync(cancellation);
            Console.WriteLine(parsed.GetValue(json) ? result.Json() : result.Text());
            return 0;
        });
        return command;
    }

    private static Command Restart()
    {
        var samples = Count("--samples", "Durable samples before.", 1_000_000);
        var batch = Count("--batch-samples", "Samples of an outer-update.", 50);
        var streams = Count("--streams", "Workers, each with a stream of its own.", 100);
        var slots = Count("--slots", "Slots of each worker, each with an open problem.", 4);
        var repetitions = Count("--repetitions", "Restarts of each kind.", 5);
        var program = new Option<string?>("--program")
        {
            Description = "The lopt to measure, such as a published one. Default: the one that was built with this tool.",
        };
        var synchronous = new Option<bool>("--synchronous") { Description = "The run is synchronous, with one problem for each lane." };
        var command = new Command("restart", "Measures how long a coordinator that was killed takes until it accepts a sample again.")
        {
            samples, batch, streams, slots, repetitions, program, synchronous,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new RestartOptions(
                parsed.GetValue(samples), parsed.GetValue(batch), parsed.GetValue(streams), parsed.GetValue(slots),
                parsed.GetValue(repetitions), parsed.GetValue(program), parsed.GetValue(synchronous));
            await new RestartRun(options).MeasureAsync(Console.Out, cancellation);
            return 0;
        });
        return command;
    }

    private static Option<int> Count(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError($"{name} must be at least 1.");
        });
        return option;
    }
}
