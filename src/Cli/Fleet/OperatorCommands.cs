using System.CommandLine;
using Grpc.Core;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Screen;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Fleet;

/// <summary><c>lopt pause | resume | drain</c>: what an operator asks of a running coordinator.</summary>
internal static class OperatorCommands
{
    private delegate AsyncUnaryCall<Protocol.V1.Status> Call(
        Operations.OperationsClient client, DateTime deadline, CancellationToken cancellation);

    public static Command Pause(CliEnvironment environment) => Create(
        "pause",
        "Pause a run: no new truncation begins, workers keep their problems. It stays paused over restarts, until 'lopt resume'.",
        environment,
        _ => (client, deadline, cancellation) =>
            client.PauseAsync(new PauseRequest(), deadline: deadline, cancellationToken: cancellation));

    public static Command Resume(CliEnvironment environment) => Create(
        "resume",
        "Let a paused run go on. ('lopt train --resume' continues a run of this machine that was stopped.)",
        environment,
        _ => (client, deadline, cancellation) =>
            client.ResumeAsync(new ResumeRequest(), deadline: deadline, cancellationToken: cancellation));

    public static Command Drain(CliEnvironment environment)
    {
        var reason = new Option<string>("--reason")
        {
            Description = "Why, for the workers' logs (default: an operator asked for it).",
            HelpName = "TEXT",
        };
        var command = Create(
            "drain",
            "Stop a coordinator without loss: workers hand back their unfinished problems and leave, then its process ends. The same "
                + "command that started it continues the run.",
            environment,
            parsed =>
            {
                var request = new DrainRequest { Reason = parsed.GetValue(reason) ?? "" };
                return (client, deadline, cancellation) =>
                    client.DrainAsync(request, deadline: deadline, cancellationToken: cancellation);
            });
        command.Add(reason);
        return command;
    }

    private static Command Create(string name, string description, CliEnvironment environment, Func<ParseResult, Call> call)
    {
        var connection = new ConnectionOptions();
        var json = CommonOptions.Json();
        var command = new Command(name, $"{description} Requires the operator token.") { json };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var channel = connection.Open(parsed, environment, asOperator: true);
            var status = ScreenRun.From(await call(parsed)(channel.Operations, Defaults.Deadline(environment.Time), cancellation));
            if (parsed.GetValue(json)) environment.Output.WriteLine(StatusJson.Of(status));
            else environment.WriteText(Sentence(status));
            return 0;
        });
        return command.WithExamples(
            $"lopt {name}",
            $"lopt {name} --from https://trainer.example:5317 --token-file operator.token");
    }

    private static string Sentence(ScreenRun status)
    {
        string done = status.Comparison is { } comparison
            ? $"{DisplayFormat.Count((long)comparison.TasksDone)} of {DisplayFormat.Count((long)comparison.Tasks)} tasks"
            : $"outer-update {DisplayFormat.Count(status.OuterUpdate)} of {DisplayFormat.Count(status.OuterUpdatesTotal)}";
        string where = $"{status.Preset}, run {status.RunId}, {done}";
        return status.State == RunState.Paused ? $"paused: {where}" : $"{RunStateText.Of(status.State)}: {where}";
    }
}
