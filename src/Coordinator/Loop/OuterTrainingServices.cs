using System.Globalization;
using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Auditing;
using LoptCluster.Coordinator.Batching;
using LoptCluster.Coordinator.Intake;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Coordinator.Training;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Engine.Sampling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using Microsoft.Extensions.DependencyInjection;

namespace LoptCluster.Coordinator.Loop;

/// <summary>Registers the run loop and its parts.</summary>
internal static class OuterTrainingServices
{
    public static IServiceCollection AddOuterTraining(this IServiceCollection services) => services
        .AddSingleton<RunQueue>()
        .AddSingleton<RunFailure>()
        .AddSingleton<ServingLifetime>()
        .AddSingleton<RunLoop>()
        .AddHostedService(s => s.GetRequiredService<RunLoop>())
        .AddRunParts();

    /// <summary>
    /// The parts of <see cref="RunCore"/>: each is built from those that it names, all are used by the run loop's thread alone.
    /// </summary>
    internal static IServiceCollection AddRunParts(this IServiceCollection services) => services
        .AddSingleton(s => s.GetRequiredService<OpenedRun>().Context)
        .AddSingleton(s => s.GetRequiredService<OpenedRun>().File)
        .AddSingleton(s => s.GetRequiredService<RunContext>().Specification)
        .AddSingleton(Writer)
        .AddSingleton<FilePatience>()
        .AddSingleton(s => IRunMode.Of(s.GetRequiredService<RunContext>().Specification))
        .AddSingleton(Phase)
        .AddSingleton(Times)
        .AddSingleton<NeedBoard>()
        .AddSingleton<Outbox>()
        .AddSingleton<Incidents>()
        .AddSingleton<RunTotals>()
        .AddSingleton(s => new UpdateTrend(s.GetRequiredService<RunContext>().Specification.ChanceLoss()))
        .AddSingleton<ProblemLedger>()
        .AddSingleton(Evaluations)
        .AddSingleton<AuditWriter>()
        .AddSingleton<AuditReader>()
        .AddSingleton(Draw)
        .AddSingleton<AuditBook>()
        .AddSingleton<AuditAssignment>()
        .AddSingleton<QuarantineRegister>()
        .AddSingleton<WorkAssignment>()
        .AddSingleton<Fingerprints>()
        .AddSingleton<HelloInspector>()
        .AddSingleton<Refusals>()
        .AddSingleton(StateShape)
        .AddSingleton<ProblemHandover>()
        .AddSingleton<Members>()
        .AddSingleton<LaneWatch>()
        .AddSingleton<EvaluationWatch>()
        .AddSingleton(s => new SampleBatch(s.GetRequiredService<RunContext>().Specification.BatchSamples, s.GetRequiredService<IRunMode>()))
        .AddSingleton(UpdateOptions)
        .AddSingleton(Trainer)
        .AddSingleton(Inspector)
        .AddSingleton(s => MeasurementChoice.From(s.GetRequiredService<RunContext>().Specification))
        .AddSingleton(s => new MeasurementInspector(
            s.GetRequiredService<MeasurementChoice>(),
            new TruncationLengths(s.GetRequiredService<RunContext>().Specification),
            Plans(s)))
        .AddSingleton<StoredSamples>()
        .AddSingleton<SampleIntake>()
        .AddSingleton<WorkerQuarantine>()
        .AddSingleton<AuditIntake>()
        .AddSingleton<EvaluationInspector>()
        .AddSingleton<EvaluationIntake>()
        .AddSingleton<ComparisonInspector>()
        .AddSingleton<ComparisonIntake>()
        .AddSingleton<StatusReporter>()
        .AddSingleton<RunRestorer>()
        .AddSingleton<RunCore>();

    private static RunWriter Writer(IServiceProvider services)
    {
        var run = services.GetRequiredService<RunContext>();
        // The run's file first: with it the lock of the folder.
        var database = services.GetRequiredService<RunDatabase>();
        return new RunWriter(database, run.Specification.Ledger == SampleLedger.Full ? Ledger() : null);

        GradientLedger Ledger() => GradientLedger.Open(
            services.GetRequiredService<CoordinatorOptions>().RunDirectory, run.RunId,
            services.GetRequiredService<RunReader>().NewestVersion());
    }

    private static RunPhase Phase(IServiceProvider services) => new(
        services.GetRequiredService<RunContext>().OuterUpdates,
        services.GetRequiredService<CoordinatorOptions>().ExitWhenFinished,
        services.GetRequiredService<IRunMode>().LastEvaluations,
        services.GetRequiredService<TimeProvider>().GetUtcNow());

    private static MembershipTimes Times(IServiceProvider services)
    {
        var options = services.GetRequiredService<CoordinatorOptions>();
        return new MembershipTimes(options.LostWorkerGrace, options.HeartbeatInterval);
    }

    private static AuditDraw Draw(IServiceProvider services) => new(
        long.Parse(services.GetRequiredService<RunReader>().Value(RunContext.AuditKeyKey)!, CultureInfo.InvariantCulture),
        services.GetRequiredService<RunContext>().Specification.AuditShare,
        new TaskMixture(services.GetRequiredService<RunContext>().Specification));

    private static EvaluationSchedule Evaluations(IServiceProvider services)
    {
        var run = services.GetRequiredService<RunContext>();
        long firstId = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        return run.Specification.Mode switch
        {
            RunMode.Search => new SearchEvaluations(run.Specification, run.OuterUpdates, firstId),
            RunMode.Comparison => new ComparisonEvaluations(
                run.Specification, run.Baselines, new ComparisonReader(services.GetRequiredService<RunReader>()).Done(), firstId),
            _ => new EvaluationSchedule(run.Specification, run.OuterUpdates, firstId),
        };
    }

    private static OuterTrainer Trainer(IServiceProvider services)
    {
        var run = services.GetRequiredService<RunContext>();
        if (run.Specification.Mode != RunMode.Search) return ActivatorUtilities.CreateInstance<GradientTrainer>(services);
        var start = OuterState.Start(new ThetaSnapshot(-1, default), OuterOptimizers.Of(run.Specification));
        return ActivatorUtilities.CreateInstance<SearchTrainer>(
            services, OptimizerFactory.SearchSpace(run.Specification), run.Specification.Seed, run.OuterUpdates, start);
    }

    private static OuterUpdateOptions UpdateOptions(IServiceProvider services)
    {
        var run = services.GetRequiredService<RunContext>();
        return OuterUpdateOptions.From(run.Specification, OptimizerFamilies.Of(run.Specification.Optimizer).Theta, run.Lineage.Plans);
    }

    private static Func<long, SamplePlan?> Plans(IServiceProvider services)
    {
        var (reader, file) = (services.GetRequiredService<RunReader>(), services.GetRequiredService<FilePatience>());
        return version => file.Use(() => reader.Plan(version));
    }

    /// <summary>The layouts of w are known to the workers alone.</summary>
    private static InnerStateShape StateShape(IServiceProvider services)
    {
        var specification = services.GetRequiredService<RunContext>().Specification;
        int stateVectors = OptimizerFamilies.Of(specification.Optimizer).State.Length;
        return EstimatorRegistry.Find(specification.Estimator).StateShape(stateVectors, wLength: null);
    }

    private static SampleInspector Inspector(IServiceProvider services)
    {
        var run = services.GetRequiredService<RunContext>();
        var estimator = EstimatorRegistry.Find(run.Specification.Estimator);
        return new SampleInspector(
            run.SpecificationHash,
            OptimizerFamilies.Of(run.Specification.Optimizer).Theta.Length,
            estimator,
            new LossInspector(estimator.Method.Losses, run.Specification.LossCap, new TaskMixture(run.Specification)));
    }
}
