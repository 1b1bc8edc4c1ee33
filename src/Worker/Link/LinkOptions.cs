using LoptCluster.Hosting.Connections;
using LoptCluster.Hosting.Credentials;

namespace LoptCluster.Worker.Link;

/// <summary>How a worker reaches its coordinator and introduces itself.</summary>
internal sealed record LinkOptions
{
    /// <summary>URL of the coordinator.</summary>
    public required string Coordinator { get; init; }

    /// <summary>Stable for the life of the process.</summary>
    public required string WorkerId { get; init; }

    /// <summary>Truncations computed at the same time.</summary>
    public required int Slots { get; init; }

    /// <summary>Hash of the golden samples that this process has computed.</summary>
    public required string SelfCheck { get; init; }

    /// <summary>Token of the worker role; null: none.</summary>
    public TokenOrigin? Token { get; init; }

    /// <summary>Whom to trust, and the worker's own certificate.</summary>
    public ClientTlsOptions Tls { get; init; } = new();

    /// <summary>Allows plain http to another machine.</summary>
    public bool Insecure { get; init; }
}
