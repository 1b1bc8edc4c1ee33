namespace LoptCluster.Chaos.Failures.Networks;

/// <summary>The network between one worker and the coordinator.</summary>
/// <remarks>
/// Bytes are never changed, only late or lost, as a network does. A failure that lasts for a while may begin before another has ended.
/// </remarks>
internal interface IFaultyLink : IAsyncDisposable
{
    /// <summary>Where the worker finds the coordinator.</summary>
    Uri Coordinator { get; }

    /// <summary>The command by which a program is started on the worker's side; empty: as any other.</summary>
    string[] Within { get; }

    /// <summary>All connections that the worker has now are over; new ones pass.</summary>
    void Cut();

    /// <summary>What the worker sends does not arrive for a while; what it is sent does.</summary>
    void CloseUp(TimeSpan time);

    /// <summary>What the coordinator sends does not arrive for a while; what it is sent does.</summary>
    void CloseDown(TimeSpan time);

    /// <summary>Nothing passes for a while.</summary>
    void Separate(TimeSpan time);

    /// <summary>All that passes is late from now on.</summary>
    void Delay(TimeSpan time);

    /// <summary>For a while what is sent later may arrive sooner.</summary>
    /// <param name="time">How long.</param>
    /// <param name="pause">Time from one step of it to the next, where it takes several.</param>
    Task ReorderAsync(TimeSpan time, TimeSpan pause);

    /// <summary>From now on everything passes again.</summary>
    void Heal();
}
