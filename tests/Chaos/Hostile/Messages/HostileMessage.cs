using LoptCluster.Chaos.Hostile.Expectations;

namespace LoptCluster.Chaos.Hostile.Messages;

/// <summary>A message that no honest worker sends.</summary>
/// <param name="Field">The spoiled field, for the report.</param>
/// <param name="Mutation">What was done to it.</param>
/// <param name="Bytes">The message as it is sent.</param>
/// <param name="Expectation">What the coordinator must answer.</param>
internal sealed record HostileMessage(string Field, string Mutation, byte[] Bytes, Expectation Expectation)
{
    /// <summary>The problem that it is about, if it is one of the sender's.</summary>
    public HeldProblem? Problem { get; init; }

    /// <summary>It is about a problem or an evaluation that its sender has: what comes of it twice is another matter.</summary>
    public bool IsOfSender { get; init; }

    /// <summary>If it is accepted, its problem is over.</summary>
    public bool EndsProblem { get; init; }

    /// <summary>k of an honest sample at this place.</summary>
    public int Steps { get; init; }
}
