using System.Globalization;
using Grpc.Core;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Protocol.V1;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Fleet;

/// <summary>A θ of a run, from its coordinator or its folder, its checksum verified.</summary>
/// <param name="BestOuterTrainLoss">Loss of the best version so far; null before the first evaluation.</param>
/// <param name="Lineage">Origin and plans of the run.</param>
/// <param name="AverageDecay">Decay of the average that θ is; null: it is no average.</param>
internal sealed record ThetaDownload(
    ThetaSnapshot Theta, RunSpecification Specification, string RunId, string EngineVersion, double? BestOuterTrainLoss,
    RunLineage Lineage, double? AverageDecay)
{
    public const string Latest = "latest";
    public const string Best = "best";
    public const string Average = "average";

    /// <summary>As its file and card are written.</summary>
    public ThetaFileContent Content =>
        ThetaFileContent.Of(Theta, Specification, RunId) with { Lineage = Lineage, AverageDecay = AverageDecay };

    /// <param name="version">A number of outer-updates, <see cref="Latest"/>, <see cref="Best"/> or <see cref="Average"/>.</param>
    /// <exception cref="UserErrorException">The version is invalid, or θ arrived damaged.</exception>
    public static async Task<ThetaDownload> GetAsync(
        ThetaService.ThetaServiceClient client, string version, TimeProvider time, CancellationToken cancellation)
    {
        var response = await client.GetThetaAsync(Request(version), deadline: Defaults.Deadline(time), cancellationToken: cancellation);
        var specification = SpecificationJson.Deserialize(response.SpecificationJson);
        return new ThetaDownload(
            ThetaWire.SnapshotFromProto(response.Theta),
            specification,
            response.RunId,
            response.EngineVersion,
            double.IsNaN(response.BestOuterTrainLoss) ? null : response.BestOuterTrainLoss,
            LineageWire.FromProto(response.Lineage, specification),
            response.AverageDecay > 0 ? response.AverageDecay : null);
    }

    /// <summary>The best θ, or the newest if none has been evaluated yet.</summary>
    public static async Task<ThetaDownload> GetBestOrLatestAsync(
        ThetaService.ThetaServiceClient client, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(client, Best, time, cancellation);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return await GetAsync(client, Latest, time, cancellation);
        }
    }

    private static GetThetaRequest Request(string version) => version switch
    {
        Latest => new GetThetaRequest { Latest = true },
        Best => new GetThetaRequest { Best = true },
        Average => new GetThetaRequest { Average = true },
        _ when long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) =>
            new GetThetaRequest { Version = number },
        _ => throw NoVersion(version),
    };

    public static UserErrorException NoVersion(string text) =>
        new($"--version '{text}' must be a number of outer-updates, {Latest}, {Best} or {Average}.");
}
