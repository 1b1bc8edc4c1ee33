namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>What lies between workers and coordinator, and can be made to fail.</summary>
internal interface IFaultyNetwork : IAsyncDisposable
{
    /// <summary>IP address on which the coordinator listens.</summary>
    string CoordinatorHost { get; }

    /// <summary>A link for another worker.</summary>
    /// <param name="port">Port of the coordinator.</param>
    IFaultyLink Join(int port);
}
