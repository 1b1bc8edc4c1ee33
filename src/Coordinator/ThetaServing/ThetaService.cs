using Google.Protobuf;
using Grpc.Core;
using LoptCluster.Coordinator.Hosts;
using LoptCluster.Coordinator.Run;
using LoptCluster.Coordinator.Security;
using LoptCluster.Coordinator.Sessions;
using LoptCluster.Coordinator.Store;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Microsoft.AspNetCore.Authorization;

namespace LoptCluster.Coordinator.ThetaServing;

/// <summary>The trained θ for whoever wants it: by version, the newest, the best; and as it changes.</summary>
[Authorize(Policy = Roles.Reader)]
internal sealed class ThetaService(RunHosts runs) : Protocol.V1.ThetaService.ThetaServiceBase
{
    /// <summary>Why there is no average of θ, for those who ask for it.</summary>
    public const string NoAverage =
        "There is no average of θ: this run keeps none. Ask for the latest or the best; a run with thetaAverageDecay above 0 keeps one.";

    public override Task<GetThetaResponse> GetTheta(GetThetaRequest request, ServerCallContext context)
    {
        var host = runs.Of(context);
        var board = host.Get<ThetaBoard>();
        bool isAverage = request.WhichCase == GetThetaRequest.WhichOneofCase.Average;
        return Task.FromResult(Compose(host, request.Files, isAverage, request.WhichCase switch
        {
            GetThetaRequest.WhichOneofCase.Version => Stored(host, request.Version),
            GetThetaRequest.WhichOneofCase.Best when board.BestVersion is { } best => Stored(host, best),
            GetThetaRequest.WhichOneofCase.Best => throw new ThetaNotFoundException(
                "There is no best θ yet: none has been evaluated. Ask for the latest, or wait for the first evaluation."),
            GetThetaRequest.WhichOneofCase.Average => board.Average ?? throw new ThetaNotFoundException(NoAverage),
            _ => board.Current,
        }));
    }

    public override async Task WatchTheta(
        WatchThetaRequest request, IServerStreamWriter<GetThetaResponse> responseStream, ServerCallContext context)
    {
        var host = runs.Of(context);
        var serving = host.Get<ServingLifetime>();
        using var until = serving.Within(context.CancellationToken);
        using var sending = serving.Sending(context.CancellationToken);
        long seen = -1;
        for (bool isLast = false; !isLast;)
        {
            (var theta, isLast) = await host.Get<ThetaBoard>().NewerThanAsync(seen, until.Token);
            seen = theta.Version;
            var response = Compose(host, request.Files, isAverage: false, theta);
            response.RunFinished = isLast;
            await responseStream.WriteAsync(response, sending.Token);
        }
    }

    private static ThetaSnapshot Stored(RunHost host, long version)
    {
        var current = host.Get<ThetaBoard>().Current;
        return version == current.Version
            ? current
            : host.Get<RunReader>().Theta(version)
                ?? throw new ThetaNotFoundException($"There is no θ version {version}; this run has 0 to {current.Version}.");
    }

    private static GetThetaResponse Compose(RunHost host, bool withFiles, bool isAverage, ThetaSnapshot theta) => new()
    {
        Theta = ThetaWire.ToProto(theta),
        RunId = host.Run.RunId,
        SpecificationJson = host.Run.SpecificationJson,
        SpecificationHash = host.Run.SpecificationHash,
        EngineVersion = EngineVersion.Current,
        BestOuterTrainLoss = host.Get<ThetaBoard>().BestLoss,
        Lineage = LineageWire.ToProto(host.Run.Lineage),
        AverageDecay = isAverage ? host.Run.Specification.ThetaAverageDecay : 0,
        Files = withFiles ? Files(ServedFiles.Content(host.Run, theta, isAverage), host.Run) : null,
    };

    private static ThetaFiles Files(ThetaFileContent content, RunContext run) => new()
    {
        Safetensors = UnsafeByteOperations.UnsafeWrap(ThetaFile.ToBytes(content)),
        CardJson = ThetaCard.ToJson(content, run.Specification),
    };
}
