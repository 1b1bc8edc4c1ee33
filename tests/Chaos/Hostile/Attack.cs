using System.Collections.Immutable;
using LoptCluster.Chaos.Hostile.Messages;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile;

/// <summary>An attack on one coordinator: so many messages over so many connections at the same time.</summary>
internal static class Attack
{
    /// <summary>Every mutation of every field of every message that a worker may send, as the descriptors have them.</summary>
    public static ImmutableArray<(FieldPath Path, Mutation Mutation)> Cases { get; } =
    [
        .. from kind in WorkerMessage.Descriptor.Oneofs.Single().Fields
           from path in FieldPath.Of(kind.MessageType)
           from mutation in Mutations.Of(path.Field)
           select (path, mutation),
    ];

    /// <summary>How often the results of parts are sent to a coordinator that serves a comparison, compared with other messages.</summary>
    private const int ResultsOfComparison = 10;

    /// <summary>The cases in the frequency in which they are sent.</summary>
    public static IEnumerable<(FieldPath Path, Mutation Mutation)> CasesFor(Victim victim) =>
        from one in Cases
        let isResult = one.Path.Fields[0].ContainingType == ComparisonPartResult.Descriptor
        from copy in Enumerable.Repeat(one, isResult && victim.IsComparison ? ResultsOfComparison : 1)
        select copy;

    public static async Task<AttackReport> RunAsync(
        Victim victim, int messages, int connections, int seed, AttackGate gate, CancellationToken cancellation)
    {
        var report = new AttackReport();
        int left = messages;
        var peers = Enumerable.Range(0, connections).Select(async number =>
        {
            await using var peer = new HostilePeer(victim, number, seed, report);
            while (Volatile.Read(ref left) > 0 && !cancellation.IsCancellationRequested)
            {
                await gate.PassAsync();
                Interlocked.Add(ref left, -await peer.StepAsync(cancellation));
            }
        });
        await Task.WhenAll(peers);
        cancellation.ThrowIfCancellationRequested();
        return report;
    }
}
