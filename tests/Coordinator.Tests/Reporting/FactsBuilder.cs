using LoptCluster.Coordinator.Assignments;
using LoptCluster.Coordinator.Membership;
using LoptCluster.Coordinator.Reporting;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Coordinator.Telemetry;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.OuterTraining;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Tests.Reporting;

/// <summary>Facts of a run for the composers' tests, without a coordinator.</summary>
internal sealed class FactsBuilder
{
    public static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    public FactsBuilder(RunSpecification specification)
    {
        Ledger = new ProblemLedger(specification);
        Evaluations = new EvaluationSchedule(specification, specification.OuterUpdates, 0);
        Trend = new UpdateTrend(specification.ChanceLoss());
    }

    public ProblemLedger Ledger { get; }

    public EvaluationSchedule Evaluations { get; }

    public UpdateTrend Trend { get; }

    public RunTotals Totals { get; } = new();

    public Incidents Incidents { get; } = new();

    public List<WorkerEntry> Connected { get; } = [];

    public List<WorkerEntry> Lost { get; } = [];

    public HistoryEntry? Last { get; private set; }

    /// <summary>A healthy run at update 50 of 1,000.</summary>
    public RunFacts Build(RunStage stage = RunStage.Running) => new()
    {
        Now = Now,
        Stage = stage,
        Seconds = 1000,
        Version = 50,
        Last = Last,
        Connected = Connected,
        Lost = Lost,
        Ledger = Ledger,
        Evaluations = Evaluations,
        Trend = Trend,
        Totals = Totals,
        Incidents = Incidents,
    };

    public static WorkerEntry Worker(string id)
    {
        var hello = new WorkerHello { WorkerId = id, Host = "host", Slots = 2, EngineVersion = EngineVersion.Current };
        var session = new WorkerSession(hello, new CancellationTokenSource());
        session.Hear(Now);
        return new WorkerEntry(session);
    }

    public void Update(double loss = 1, double seconds = 1000, int rpInvalid = 0, double weightEs = 0.5)
    {
        Last = new HistoryEntry(seconds, new UpdateFigures((Last?.OuterUpdate ?? 0) + 1, new Dictionary<string, double>
        {
            ["outer_loss"] = loss,
            ["truncation_steps"] = 5,
            ["weight_es"] = weightEs,
            ["rp_invalid_fraction"] = rpInvalid / 4.0,
        }));
        Trend.Note(Last);
    }

    public void Evaluation(long? version, double loss, ClassSplit split) =>
        Evaluations.Restore([new StoredEvaluation(version, split, 1, loss, loss, 1)]);

    public void Refuse(int count, int secondsAgo)
    {
        for (int i = 0; i < count; i++)
            Incidents.NoteRefusal(Now.AddSeconds(-secondsAgo), "w", new Refusal(RefusalReason.WrongLength, "3 numbers"));
        Totals.Rejected[RefusalReason.WrongLength] = count;
    }
}
