using System.CommandLine;
using System.CommandLine.Invocation;
using LoptCluster.Cli.Checks;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Completion;
using LoptCluster.Cli.Conclusion;
using LoptCluster.Cli.Evaluation;
using LoptCluster.Cli.Fleet;
using LoptCluster.Cli.Replay;
using LoptCluster.Cli.Reproduction;
using LoptCluster.Cli.Runs;
using LoptCluster.Cli.Studies;
using LoptCluster.Cli.Thetas;
using LoptCluster.Cli.Training;
using LoptCluster.Cli.Trials;
using LoptCluster.Cli.Tuning;
using LoptCluster.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Cli;

/// <summary>The root command with all commands, and its execution from an argument list to an exit status.</summary>
internal static class LoptCommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliEnvironment environment)
    {
        var parsed = Create(environment).Parse(args.Count == 0 ? ["--help"] : args);
        var invocation = new InvocationConfiguration
        {
            Output = environment.Output,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        var format = ProcessOptions.LogFormatOf(parsed);
        if (parsed.Action is ParseErrorAction)
        {
            environment.Error.WriteLine(ProgramLine.Of(
                format, LogLevel.Critical, ParseErrors.Describe(parsed), environment.Time.GetUtcNow()));
            return ExitStatus.UserError;
        }

        return await ErrorLines.GuardAsync(environment, format, () => parsed.InvokeAsync(invocation, environment.Stop.Token));
    }

    public static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand("LoptCluster outer-trains learned optimizers, from a laptop to a fleet of workers (Metz et al. 2019).")
        {
            TrainCommand.Create(environment),
            TuneCommand.Create(environment),
            StudyCommand.Create(environment),
            RunsCommand.Create(environment),
            ReportCommand.Create(environment),
            CoordinatorCommand.Create(environment, new FleetStudy(environment).RunAsync, new FleetComparison(environment).RunAsync),
            WorkerCommand.Create(environment),
            StatusCommand.Create(environment),
            OperatorCommands.Pause(environment),
            OperatorCommands.Resume(environment),
            OperatorCommands.Drain(environment),
            QuarantineCommand.Create(environment),
            HealthCommand.Create(environment),
            PullCommand.Create(environment),
            BackupCommand.Create(environment),
            CheckCommand.Create(environment),
            ThetaCommand.Create(environment),
            EvaluateCommand.Create(environment),
            TryCommand.Create(environment),
            ReplayCommand.Create(environment),
            SampleCommand.Create(environment),
            PruneCommand.Create(environment),
            VerifyCommand.Create(environment),
            BenchCommand.Create(environment),
            ReproduceCommand.Create(environment),
            ConfigCommand.Create(environment),
            CompletionCommand.Create(environment),
        };
        root.WithExamples(
            "lopt train                                # minutes, no files needed",
            "lopt config list                          # the other presets",
            "lopt train --preset pathology             # the problem that the paper solves");
        ExampleHelp.Install(root);
        return root;
    }
}
