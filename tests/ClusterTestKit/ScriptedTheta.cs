using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Specification;

namespace LoptCluster.ClusterTestKit;

/// <summary>Answers with the θ of the script, of a run of the preset quickstart that has no evaluation yet.</summary>
internal sealed class ScriptedTheta(CoordinatorScript script) : ThetaService.ThetaServiceBase
{
    private const long LatestVersion = 99;

    public override Task<GetThetaResponse> GetTheta(GetThetaRequest request, ServerCallContext context)
    {
        script.CheckToken(context);
        if (request.WhichCase == GetThetaRequest.WhichOneofCase.Best)
            throw new RpcException(new Grpc.Core.Status(StatusCode.NotFound, "nothing was evaluated yet"));
        byte[] checksum = SHA256.HashData(MemoryMarshal.AsBytes<float>(script.Theta));
        if (script.DamageChecksum) checksum[0] ^= 1;
        long version = request.WhichCase == GetThetaRequest.WhichOneofCase.Version ? request.Version : LatestVersion;
        var theta = new Theta { Version = version, Checksum = ByteString.CopyFrom(checksum) };
        theta.Values.AddRange(script.Theta);
        return Task.FromResult(new GetThetaResponse
        {
            Theta = theta,
            RunId = "run",
            SpecificationJson = SpecificationJson.Serialize(PresetCatalog.Load("quickstart")),
            BestOuterTrainLoss = double.NaN,
        });
    }
}
