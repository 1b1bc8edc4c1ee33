using System.Text.RegularExpressions;
using Grpc.Core;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile.Expectations;

/// <summary>What a coordinator that follows the protocol answers to a message.</summary>
internal abstract record Expectation
{
    /// <summary>Heading in the report.</summary>
    public abstract string Heading { get; }

    /// <returns>Whether the answer is the expected one.</returns>
    public abstract bool IsMetBy(Answer answer);

    protected static bool Names(string detail, string words) => Regex.IsMatch(detail, $@"(?<!\w)(?:{words})");
}

/// <summary>The message is refused, and the worker stays connected.</summary>
/// <param name="Words">Regular expression of the words that name the field.</param>
internal sealed record Refused(string Words) : Expectation
{
    public override string Heading => "refused by name";

    public override bool IsMetBy(Answer answer) =>
        !answer.HasEnded && answer.Messages.Count > 0
            && answer.Messages.All(m => m.Reject is { Fatal: false } reject && Names(reject.Detail, Words));
}

/// <summary>One of two: it depends on what others do at the same time.</summary>
internal sealed record Either(Expectation One, Expectation Other) : Expectation
{
    public override string Heading => One.Heading == Other.Heading ? One.Heading : $"{One.Heading}; or {Other.Heading}";

    public override bool IsMetBy(Answer answer) => One.IsMetBy(answer) || Other.IsMetBy(answer);
}

/// <summary>What is expected only if something has happened by the time of the answer.</summary>
/// <param name="HasHappened">Whether it has.</param>
/// <param name="Then">What must come then.</param>
internal sealed record If(Func<bool> HasHappened, Expectation Then) : Expectation
{
    public override string Heading => Then.Heading;

    public override bool IsMetBy(Answer answer) => HasHappened() && Then.IsMetBy(answer);
}

/// <summary>The worker is refused, and its stream ends.</summary>
/// <param name="Words">Regular expression of the words that name the field.</param>
internal sealed record Expelled(string Words) : Expectation
{
    public override string Heading => "refused by name, stream ended";

    public override bool IsMetBy(Answer answer) =>
        answer.EndedInOrder && answer.Messages.Count > 0 && answer.Messages[0].Reject is { } reject && Names(reject.Detail, Words);
}

/// <summary>The stream ends with a status.</summary>
/// <param name="Codes">One of these.</param>
internal sealed record EndsWith(params StatusCode[] Codes) : Expectation
{
    public override string Heading => $"stream ended with {string.Join(" or ", Codes)}";

    public override bool IsMetBy(Answer answer) => answer.End is { } end && Codes.Contains(end.StatusCode);
}

/// <summary>Nothing is answered: by the protocol the message cannot do harm.</summary>
/// <param name="Why">For the report.</param>
internal sealed record Ignored(string Why) : Expectation
{
    public override string Heading => $"harmless: {Why}";

    public override bool IsMetBy(Answer answer) => !answer.HasEnded && answer.Messages.Count == 0;
}

/// <summary>The sample is acknowledged.</summary>
/// <param name="Why">For the report.</param>
/// <param name="Outcomes">With one of these.</param>
internal sealed record Acknowledged(string Why, params SampleOutcome[] Outcomes) : Expectation
{
    public override string Heading => Why;

    public override bool IsMetBy(Answer answer) =>
        !answer.HasEnded && answer.Messages.Count > 0 && answer.Messages.All(m => m.Ack is { } ack && Outcomes.Contains(ack.Outcome));
}

/// <summary>The worker is welcomed: its greeting is an honest one.</summary>
/// <param name="Why">For the report.</param>
internal sealed record Joins(string Why) : Expectation
{
    public override string Heading => $"harmless: {Why}";

    public override bool IsMetBy(Answer answer) => answer.Messages.Count > 0 && answer.Messages[0].Welcome is not null;
}

/// <summary>The worker says goodbye, and the stream ends.</summary>
internal sealed record Leaves : Expectation
{
    public override string Heading => "harmless: the worker leaves, and its problems go to others";

    public override bool IsMetBy(Answer answer) => answer.EndedInOrder && answer.Messages.Count == 0;
}

/// <summary>
/// Bytes that may or may not be a message: whatever the answer, it is one that the protocol has, and the program does not fail.
/// </summary>
internal sealed record AnyOrder : Expectation
{
    public override string Heading => "bytes, refused or harmless";

    public override bool IsMetBy(Answer answer) =>
        answer.End is null or { StatusCode: StatusCode.OK or StatusCode.InvalidArgument or StatusCode.ResourceExhausted }
            && answer.Messages.All(m => m.Reject is not null);
}
