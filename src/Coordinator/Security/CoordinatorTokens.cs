namespace LoptCluster.Coordinator.Security;

/// <summary>Secret of each role; null: none.</summary>
public sealed record CoordinatorTokens(string? Worker = null, string? Reader = null, string? Operator = null)
{
    public bool Any => Worker is not null || Reader is not null || Operator is not null;

    public bool All => Worker is not null && Reader is not null && Operator is not null;
}
