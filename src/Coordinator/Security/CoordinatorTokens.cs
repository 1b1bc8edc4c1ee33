using LoptCluster.Hosting.Credentials;

namespace LoptCluster.Coordinator.Security;

/// <summary>Where the secrets of each role come from; null: it has none.</summary>
public sealed record CoordinatorTokens(TokenOrigin? Worker = null, TokenOrigin? Reader = null, TokenOrigin? Operator = null)
{
    public bool Any => Worker is not null || Reader is not null || Operator is not null;

    public bool All => Worker is not null && Reader is not null && Operator is not null;
}
