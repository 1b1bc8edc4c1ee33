using Google.Protobuf;
using Grpc.Core;
using LoptCluster.Chaos.Hostile.Expectations;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile.Raw;

/// <summary>Bytes in the place of a worker's message.</summary>
internal sealed class RawMessages(Random random, AttackReport report)
{
    private const string Field = "bytes of a stream";

    /// <summary>A field that no message has, with a length of more than all bytes.</summary>
    private static readonly byte[] Endless = [0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x01];

    /// <summary>Parts of a state that has no end, and of how many steps one sends it.</summary>
    private const int StateParts = 100, StepsOfState = 60;

    public async Task<int> StepAsync(Func<Task<HostileStream>> join)
    {
        await using var stream = await join();
        var (name, parts, expectation) = Draw(stream);
        int sent = 0;
        try
        {
            foreach (byte[] part in parts)
            {
                if (!await stream.WriteAsync(part)) break;
                sent++;
            }
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"{name}: message {sent + 1} could not be written; the stream's end: {stream.End?.ToString() ?? "none"}");
        }

        var answers = new List<CoordinatorMessage>();
        if (expectation is not Ignored)
        {
            // A goodbye: the stream ends, if it has not ended before.
            await stream.WriteAsync(new WorkerMessage { Goodbye = new Goodbye() });
            while (await stream.AnswerAsync() is { } message) answers.Add(message);
            for (int i = 0; i < 500 && stream.End is null; i++) await Task.Delay(10);
        }

        report.Note(Field, name, Math.Max(1, sent), expectation.Heading);
        var answer = new Answer(answers, stream.End);
        if (!expectation.IsMetBy(answer)) report.Find(Field, name, expectation.ToString(), answer.ToString());
        return Math.Max(1, sent);
    }

    private (string Name, IEnumerable<byte[]> Parts, Expectation Expectation) Draw(HostileStream stream)
    {
        switch (random.Next(StepsOfState) == 0 ? -1 : random.Next(7))
        {
            case 0: return ("random", [Bytes(random.Next(1, 200))], new AnyOrder());
            case 1: return ("a length beyond the end", [Endless], new EndsWith(StatusCode.InvalidArgument));
            case 2:
                byte[] whole = Masked(stream).ToByteArray();
                return ("cut", [whole[..random.Next(1, whole.Length)]], new AnyOrder());
            case 3:
                byte[] flipped = Masked(stream).ToByteArray();
                for (int i = 0; i < 3; i++) flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                return ("flipped bits", [flipped], new AnyOrder());
            case 4: return ("text that is no UTF-8", [[0x2A, 0x04, 0x0A, 0x02, 0xC3, 0x28]], new AnyOrder());
            case 5:
                return (
                    "larger than a message may be", [new byte[ProtocolLimits.LargestMessageToCoordinatorBytes + 1]],
                    new EndsWith(StatusCode.ResourceExhausted, StatusCode.Cancelled));
            case 6: return ("no kind", [[], [0xF2, 0x7F, 0x01, 0x00]], new AnyOrder());
            default:
                var chunk = new StateChunk { Data = ByteString.CopyFrom(Bytes(ProtocolLimits.StateChunkBytes)) };
                byte[] part = new WorkerMessage { StateChunk = chunk }.ToByteArray();
                return ("a state without end, then a cut connection", Enumerable.Repeat(part, StateParts), new Ignored("nothing is kept"));
        }
    }

    /// <summary>A sample of a problem, or the result of a part of a comparison, that no run has.</summary>
    private WorkerMessage Masked(HostileStream stream)
    {
        long none = (1L << 40) + random.NextInt64(1L << 34, 1L << 35);
        if (random.Next(2) == 0)
        {
            var part = new ComparisonPartResult { PartId = none, Losses = { 1, 1, 1, 1, 1, 1 }, TrainCurve = { 1 }, ValidCurve = { 1 } };
            return new WorkerMessage { ComparisonPartResult = part };
        }

        var sample = new Sample
        {
            ProblemId = none,
            Steps = 5,
            SpecificationHash = stream.Welcome!.SpecificationHash,
        };
        sample.Losses.Add([1, 1]);
        sample.Gradients.Add(new Sample.Types.Gradient { Estimator = "rp", Outcome = Sample.Types.Outcome.Finite, Values = { 1, 2, 3 } });
        return new WorkerMessage { Sample = sample };
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
