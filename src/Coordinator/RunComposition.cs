using System.Diagnostics.Metrics;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Loop;
using LoptCluster.Coordinator.Operations;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.TensorBoard;
using LoptCluster.Coordinator.ThetaServing;
using LoptCluster.Coordinator.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator;

/// <summary>Composition of a run within a process: a host of its own, which borrows the process's clock, logs and meters.</summary>
internal static class RunComposition
{
    /// <summary>The runs of the options; the only run is given open.</summary>
    /// <param name="options">Options of the process.</param>
    /// <param name="only">The run of a process that serves no study.</param>
    /// <param name="process">Services of the process.</param>
    public static IReadOnlyList<ServedRun> Runs(CoordinatorOptions options, OpenedRun? only, IServiceProvider process)
    {
        if (options.Study is { } study) return [.. study.Runs.Select(run => OfStudy(run, options, process))];
        var served = new ServedRun("", () => Compose("", options, only!, Siblings.None, process));
        served.Open();
        return [served];
    }

    private static ServedRun OfStudy(StudyRunOptions run, CoordinatorOptions options, IServiceProvider process)
    {
        var own = options with
        {
            RunDirectory = run.RunDirectory,
            Specification = run.Specification,
            TensorBoardDirectory = options.TensorBoardDirectory is { } events ? Path.Combine(events, run.Name) : null,
            // The process ends with the last run.
            ExitWhenFinished = false,
        };
        var siblings = new Siblings(() => process.GetRequiredService<RunHosts>().HaveWork(except: run.Name));
        var served = new ServedRun(run.Name, () => Compose(run.Name, own, OpenedRun.Open(own), siblings, process));
        if (run.Failure.Length > 0) served.Fail(run.Failure);
        return served;
    }

    private static RunHost Compose(
        string name, CoordinatorOptions options, OpenedRun run, Siblings siblings, IServiceProvider process)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = CoordinatorProgram.ShutdownLimit)
            .AddSingleton<IHostLifetime, DetachedLifetime>()
            .AddSingleton<ILoggerFactory>(new NamedLoggers(process.GetRequiredService<ILoggerFactory>(), name))
            .AddSingleton(process.GetRequiredService<IMeterFactory>())
            .AddSingleton(process.GetRequiredService<TimeProvider>())
            .AddSingleton(process.GetRequiredService<TokenRegister>())
            .AddSingleton(options)
            .AddSingleton(run)
            .AddSingleton(siblings)
            .AddSingleton<CoordinatorGauges>()
            .AddCoordinatorInstruments(name)
            .AddEventFiles()
            .AddOuterTraining()
            .AddThetaServing()
            .AddOperations()
            .AddRunPage();
        var host = builder.Build();
        // Whatever comes of it, the host closes the file.
        host.Services.GetRequiredService<RunDatabase>();
        host.Services.GetRequiredService<CoordinatorGauges>();
        return new RunHost(name, host);
    }
}
