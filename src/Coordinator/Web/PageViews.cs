using System.Text.Json;
using LoptCluster.Coordinator.Run;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Coordinator.Web;

/// <summary>One message of the live stream. Parts that have not changed are left out.</summary>
/// <param name="Run">Once, at first.</param>
/// <param name="Status">Always.</param>
/// <param name="Notices">Always: what deserves attention, the worst first.</param>
/// <param name="History">The rows from <see cref="HistoryView.From"/> on.</param>
/// <param name="Evaluations">All of them.</param>
/// <param name="Theta">Always: the parts of the newest θ.</param>
/// <param name="Best">Of a search, once a configuration is evaluated: the best so far, whose losses the status has.</param>
internal sealed record LiveEvent(
    RunView? Run, StatusView Status, IReadOnlyList<NoticeView> Notices, HistoryView? History, EvaluationsView? Evaluations,
    ThetaPartsView Theta, ThetaPartsView? Best);

/// <summary>What does not change while the coordinator runs.</summary>
/// <param name="Name">Name among the runs of the process; null: it is the only one.</param>
/// <param name="MayOperate">The caller has the operator's role.</param>
/// <param name="Figures">The figures of each outer-update.</param>
/// <param name="ShortestHorizon">T of the shortest problems, inner-steps.</param>
/// <param name="LongestHorizon">T of the longest problems.</param>
/// <param name="Kinds">Names of the mixture's tasks; none in a run without a mixture.</param>
/// <param name="Origin">θ that the run began from; null: an initial one.</param>
internal sealed record RunView(
    string? Name, string RunId, string Preset, string EngineVersion, bool MayOperate, bool TokensConfigured,
    IReadOnlyList<FigureView> Figures, int ShortestHorizon, int LongestHorizon, IReadOnlyList<string> Kinds, JsonElement Specification,
    ThetaOrigin? Origin)
{
    public static RunView Of(RunContext run, RunTag tag, bool mayOperate, bool tokensConfigured) => new(
        tag.Run.Length > 0 ? tag.Run : null, run.RunId, run.Specification.Name, Shared.EngineVersion.Current, mayOperate,
        tokensConfigured, FigureView.Of(run.Specification),
        run.Specification.ShortestInnerSteps(), run.Specification.LongestInnerSteps(), new TaskMixture(run.Specification).Kinds,
        JsonDocument.Parse(run.SpecificationJson).RootElement, run.Lineage.Origin);
}

/// <param name="Level">"bad", "warning", "info" or "good": how the page shows it.</param>
/// <param name="Text">Full sentences.</param>
internal sealed record NoticeView(string Level, string Text)
{
    public static NoticeView Of(Protocol.V1.Notice notice) => new(
        notice.Severity switch
        {
            Protocol.V1.NoticeSeverity.Problem => "bad",
            Protocol.V1.NoticeSeverity.Information => "info",
            Protocol.V1.NoticeSeverity.Success => "good",
            _ => "warning",
        },
        notice.Text);
}

internal sealed record ErrorView(string Error);

internal sealed record StateView(string State);

/// <summary>A page of the worker table.</summary>
/// <param name="Matching">Workers that the search and the state let through.</param>
internal sealed record WorkersView(int Matching, int Offset, IReadOnlyList<WorkerView> Workers);

internal sealed record WorkerView(
    string Id, string Host, string State, int Slots, int Problems, double InnerStepsPerSecond, long Samples, double SecondsSinceHeard)
{
    public static WorkerView Of(WorkerStatus worker) => new(
        worker.WorkerId, worker.Host, worker.State, worker.Slots, worker.Problems, worker.InnerStepsPerSecond, worker.Samples,
        worker.SecondsSinceHeard);
}

/// <summary>Mean losses by θ version, oldest first; NaN where there is none.</summary>
/// <param name="AverageOuterTest">Of the average of θ at the version, on held-out tasks.</param>
/// <param name="ByKind">On the held-out tasks of each kind of a mixture, by its name.</param>
internal sealed record EvaluationsView(
    IReadOnlyList<long> Version, IReadOnlyList<double> OuterTrain, IReadOnlyList<double> OuterTest, IReadOnlyList<double> AverageOuterTest,
    IReadOnlyDictionary<string, KindEvaluationsView> ByKind);

/// <param name="OuterTest">Mean loss of θ by version; NaN where no task is of the kind.</param>
/// <param name="BaselineOuterTest">That of tuned Adam.</param>
internal sealed record KindEvaluationsView(IReadOnlyList<double> OuterTest, double BaselineOuterTest);

/// <summary>Evaluated θ versions, newest first.</summary>
internal sealed record ThetaListView(long Newest, long Best, int Evaluated, int Offset, IReadOnlyList<ThetaView> Versions);

internal sealed record ThetaView(long Version, double OuterTrain, double OuterTest, bool IsBest);
