using System.Net.Http.Headers;
using LoptCluster.ClusterTestKit;
using LoptCluster.Coordinator;
using LoptCluster.Coordinator.Security;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;

namespace LoptCluster.Web.Tests;

/// <summary>Coordinators with a web port, and how tests reach it.</summary>
internal static class Watched
{
    public const string WorkerToken = "worker-secret";
    public const string ReaderToken = "reader-secret";
    public const string OperatorToken = "operator-secret";

    public static CoordinatorTokens Tokens { get; } = new(WorkerToken, ReaderToken, OperatorToken);

    /// <summary>A net so small that an outer-update takes a fraction of a second.</summary>
    public static RunSpecification Small(params string[] values) => PresetCatalog.Load(
        "quickstart",
        [
            "imageSize=6", "hiddenUnits=[8]", "minibatchSize=8", "innerSteps=40", "truncationFirst=5", "truncationLast=20",
            "truncationRampUpdates=100", "batchSamples=4",
            "trainImagesPerClass=20", "validImagesPerClass=10", "evaluationTasks=2", .. values,
        ]);

    public static Task<RunningCoordinator> StartAsync(
        TemporaryFolder folder, RunSpecification? specification = null, Func<CoordinatorOptions, CoordinatorOptions>? with = null) =>
        RunningCoordinator.StartAsync(
            folder, specification ?? SmallRun.Specification, o => (with ?? (same => same))(o with { Web = "127.0.0.1:0" }));

    public static Task<RunningCoordinator> StartWithTokensAsync(TemporaryFolder folder) =>
        StartAsync(folder, null, o => o with { Tokens = Tokens });

    public static HttpClient Client(this RunningCoordinator coordinator, string? token = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(coordinator.Web!) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>A scripted worker's samples for that many outer-updates.</summary>
    public static async Task TrainAsync(ScriptedWorker worker, IReadOnlyList<ScriptedProblem> problems, int updates, int from = 0)
    {
        for (int version = from; version < from + updates; version++)
        {
            foreach (var problem in problems) await worker.GiveAsync(problem.Next(version));
        }
    }
}
