namespace LoptCluster.Chaos.Hostile;

/// <summary>Size of an attack.</summary>
/// <param name="Messages">Hostile messages, all acts together.</param>
/// <param name="Connections">Connections that send them at the same time.</param>
/// <param name="Seed">Determines which message follows which on each connection.</param>
/// <param name="PaceSeconds">Windows of time in which the attackers send, or do not, while the pace of honest workers is measured.</param>
/// <param name="LeastPace">Share of their pace that honest workers must keep.</param>
internal sealed record HostileOptions(int Messages, int Connections, int Seed, int PaceSeconds, double LeastPace)
{
    /// <summary>Largest resident memory of the coordinator, bytes.</summary>
    public const long MostMemory = 300L * 1000 * 1000;
}
