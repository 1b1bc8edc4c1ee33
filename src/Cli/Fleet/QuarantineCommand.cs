using System.CommandLine;
using Google.Protobuf;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt quarantine</c>: lists the workers whose samples were found wrong, and lets one join again.</summary>
internal static class QuarantineCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var connection = new ConnectionOptions();
        var lift = new Option<string?>("--lift")
        {
            Description = "Let this worker, and others of its machine, join again; requires the operator token.",
            HelpName = "WORKER",
        };
        var json = CommonOptions.Json();
        var command = new Command("quarantine", "List the workers whose samples an audit found wrong, or let one join again.")
        {
            lift, json,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            string? worker = parsed.GetValue(lift);
            using var channel = connection.Open(parsed, environment, asOperator: worker is not null);
            var quarantine = await AskAsync(channel, worker, environment, cancellation);
            if (parsed.GetValue(json)) environment.Output.WriteLine(JsonFormatter.Default.Format(quarantine));
            else environment.Output.Write(QuarantineText.Of(quarantine));
            return 0;
        });
        return command.WithExamples(
            "lopt quarantine --from 127.0.0.1:5317",
            "lopt quarantine --from https://trainer.example:5317 --token-file operator.token --lift node-7-4711-a1b2c3");
    }

    private static async Task<Quarantine> AskAsync(
        CoordinatorChannel channel, string? lift, CliEnvironment environment, CancellationToken cancellation)
    {
        var deadline = Defaults.Deadline(environment.Time);
        return lift is null
            ? await channel.Operations.GetQuarantineAsync(new GetQuarantineRequest(), deadline: deadline, cancellationToken: cancellation)
            : await channel.Operations.LiftQuarantineAsync(
                new LiftQuarantineRequest { WorkerId = lift }, deadline: deadline, cancellationToken: cancellation);
    }
}
