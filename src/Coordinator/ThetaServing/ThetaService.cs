using Grpc.Core;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Microsoft.AspNetCore.Authorization;

namespace LoptCluster.Coordinator.ThetaServing;

/// <summary>The trained θ for whoever wants it: by version, the newest, the best; and as it changes.</summary>
[Authorize(Policy = Roles.Reader)]
internal sealed class ThetaService(
    ThetaBoard board, RunContext run, RunReader reader, ServingLifetime lifetime) : Protocol.V1.ThetaService.ThetaServiceBase
{
    /// <summary>Why there is no average of θ, for those who ask for it.</summary>
    public const string NoAverage =
        "There is no average of θ: this run keeps none. Ask for the latest or the best; a run with thetaAverageDecay above 0 keeps one.";

    public override Task<GetThetaResponse> GetTheta(GetThetaRequest request, ServerCallContext context) =>
        Task.FromResult(Compose(request.WhichCase switch
        {
            GetThetaRequest.WhichOneofCase.Version => Stored(request.Version),
            GetThetaRequest.WhichOneofCase.Best when board.BestVersion is { } best => Stored(best),
            GetThetaRequest.WhichOneofCase.Best => throw new ThetaNotFoundException(
                "There is no best θ yet: none has been evaluated. Ask for the latest, or wait for the first evaluation."),
            GetThetaRequest.WhichOneofCase.Average => board.Average ?? throw new ThetaNotFoundException(NoAverage),
            _ => board.Current,
        }, request.WhichCase == GetThetaRequest.WhichOneofCase.Average));

    public override async Task WatchTheta(
        WatchThetaRequest request, IServerStreamWriter<GetThetaResponse> responseStream, ServerCallContext context)
    {
        using var until = lifetime.Within(context);
        long seen = -1;
        while (true)
        {
            var theta = await board.NewerThanAsync(seen, until.Token);
            seen = theta.Version;
            await responseStream.WriteAsync(Compose(theta), until.Token);
        }
    }

    private ThetaSnapshot Stored(long version) => version == board.Current.Version
        ? board.Current
        : reader.Theta(version) ?? throw new ThetaNotFoundException(
            $"There is no θ version {version}; this run has 0 to {board.Current.Version}.");

    private GetThetaResponse Compose(ThetaSnapshot theta, bool isAverage = false) => new()
    {
        Theta = ThetaWire.ToProto(theta),
        RunId = run.RunId,
        SpecificationJson = run.SpecificationJson,
        SpecificationHash = run.SpecificationHash,
        EngineVersion = EngineVersion.Current,
        BestOuterTrainLoss = board.BestLoss,
        Lineage = LineageWire.ToProto(run.Lineage),
        AverageDecay = isAverage ? run.Specification.ThetaAverageDecay : 0,
    };
}
