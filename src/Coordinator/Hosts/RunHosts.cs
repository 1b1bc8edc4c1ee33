using Grpc.Core;
using LoptCluster.Protocol;
using LoptCluster.Shared;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LoptCluster.Coordinator.Hosts;

/// <summary>The runs that this process serves: one, or those of a study. Calls find theirs here.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RunHosts(bool isStudy) : IAsyncDisposable
{
    /// <summary>Part of a path that names its run.</summary>
    public const string RouteValue = "run";

    private const int Listed = 20;

    /// <summary>In the order of the study; complete before the process serves.</summary>
    public IReadOnlyList<ServedRun> All { get; private set; } = [];

    /// <summary>Whether runs have names: the process serves a study, of however many runs.</summary>
    public bool IsStudy => isStudy;

    public IEnumerable<RunHost> Open => All.Select(r => r.Host).OfType<RunHost>();

    /// <summary>Adds the runs. Called once, before the process serves.</summary>
    public void Begin(IReadOnlyList<ServedRun> runs) => All = runs;

    /// <summary>Whether a run other than this one is not over.</summary>
    public bool HaveWork(string except) => All.Any(r => r.Name != except && !r.IsOver);

    /// <exception cref="UserErrorException">There is no such run, or its turn has not come.</exception>
    public RunHost Of(ServerCallContext call) => Find(call.RequestHeaders.GetValue(RunMetadata.Key));

    /// <inheritdoc cref="Of(ServerCallContext)"/>
    public RunHost Of(HttpContext context) => Find((string?)context.GetRouteValue(RouteValue));

    /// <summary>The run that has this id; null if none is open.</summary>
    public RunHost? WithId(string id) => Open.FirstOrDefault(r => r.Run.RunId == id);

    /// <param name="name">Name or id; null or "": the only run.</param>
    /// <exception cref="UserErrorException">There is no such run, or its turn has not come.</exception>
    public RunHost Find(string? name)
    {
        if (!isStudy && string.IsNullOrEmpty(name)) return Open.Single();
        if (string.IsNullOrEmpty(name))
            throw new UserErrorException($"This coordinator serves several runs: {Names}. Name one with --run-name.");
        if (WithId(name) is { } host) return host;
        var run = All.FirstOrDefault(r => r.Name == name && isStudy)
            ?? throw new UserErrorException(
                $"There is no run '{name}' here. {(isStudy ? $"Runs: {Names}." : "This coordinator serves one run; omit the name.")}");
        return run.Host ?? throw new UserErrorException(
            $"The run '{name}' {(run.IsWaiting ? "has not begun: it waits for its turn" : $"could not be opened: {run.Failure}")}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in Open) await run.DisposeAsync();
    }

    private string Names => string.Join(", ", All.Take(Listed).Select(r => $"'{r.Name}'")) + (All.Count > Listed ? ", …" : "");
}
