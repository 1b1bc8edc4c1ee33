namespace LoptCluster.Coordinator.Security;

/// <summary>Who may do what: a policy for each role. An operator may read.</summary>
internal static class Roles
{
    public const string Worker = "worker";
    public const string Reader = "reader";
    public const string Operator = "operator";
}
