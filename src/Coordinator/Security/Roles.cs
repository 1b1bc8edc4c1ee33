namespace LoptCluster.Coordinator.Security;

/// <summary>Names of the roles, each with a policy of the same name. An operator has the reader's role too.</summary>
internal static class Roles
{
    public const string Worker = "worker";
    public const string Reader = "reader";
    public const string Operator = "operator";
}
