using Grpc.Net.Client;

namespace LoptCluster.Chaos.Hostile.Raw;

/// <summary>Traffic that is no message of the protocol, or none that a worker sends: one kind of it is drawn for each step.</summary>
internal sealed class RawTraffic : IDisposable
{
    private readonly RawMessages _messages;
    private readonly RawRequests _requests;
    private readonly RawSockets _sockets;
    private readonly HostileCalls _calls;
    private readonly Random _random;

    public RawTraffic(Victim victim, GrpcChannel channel, Random random, AttackReport report)
    {
        _random = random;
        _messages = new RawMessages(random, report);
        _requests = new RawRequests(victim, random, report);
        _sockets = new RawSockets(victim, random, report);
        _calls = new HostileCalls(victim, channel, random, report);
    }

    /// <param name="join">Joins as an honest worker.</param>
    /// <param name="cancellation">Ends the step.</param>
    /// <returns>Messages sent.</returns>
    public Task<int> StepAsync(Func<Task<HostileStream>> join, CancellationToken cancellation) => _random.Next(10) switch
    {
        < 4 => _messages.StepAsync(join),
        < 6 => _calls.StepAsync(cancellation),
        < 9 => _requests.StepAsync(cancellation),
        _ => _sockets.StepAsync(cancellation),
    };

    public void Dispose() => _requests.Dispose();
}
