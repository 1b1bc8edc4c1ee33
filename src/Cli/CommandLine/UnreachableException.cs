using Grpc.Core;

namespace LoptCluster.Cli.CommandLine;

/// <summary>No coordinator answers at an address.</summary>
internal sealed class UnreachableException(RpcException error, Uri address) : RpcException(error.Status, error.Trailers, error.Message)
{
    public Uri Address { get; } = address;
}
