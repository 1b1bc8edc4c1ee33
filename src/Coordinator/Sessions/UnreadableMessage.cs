using Google.Protobuf;
using Grpc.Core;

namespace LoptCluster.Coordinator.Sessions;

/// <summary>The status for bytes that are no message of the protocol.</summary>
internal static class UnreadableMessage
{
    public static RpcException Status(InvalidProtocolBufferException e) =>
        new(new Status(StatusCode.InvalidArgument, $"The bytes are no message of this protocol: {e.Message}"));
}
