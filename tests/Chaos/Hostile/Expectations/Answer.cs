using Grpc.Core;
using LoptCluster.Protocol.V1;
using Status = Grpc.Core.Status;

namespace LoptCluster.Chaos.Hostile.Expectations;

/// <summary>What came back for a message: answers in order, and how the stream ended, if it did.</summary>
internal sealed record Answer(IReadOnlyList<CoordinatorMessage> Messages, Status? End)
{
    public bool HasEnded => End is not null;

    public bool EndedInOrder => End?.StatusCode == StatusCode.OK;

    public override string ToString()
    {
        var said = Messages.Select(m => m.Reject is { } r ? $"refused ({r.Reason}{(r.Fatal ? ", fatal" : "")}): {r.Detail}" : $"{m}");
        string end = End is { } e ? $"stream ended with {e.StatusCode}: {e.Detail}" : "";
        return string.Join("; ", said.Append(end).Where(s => s.Length > 0).DefaultIfEmpty("nothing"));
    }
}
