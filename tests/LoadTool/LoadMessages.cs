using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using LoptCluster.Protocol.V1;
using LoptCluster.Shared.Run;

namespace LoptCluster.LoadTool;

/// <summary>
/// The messages of the load as bytes, with as little work as possible, since the tool shares its cores with what it measures: gradients,
/// which are the same in all samples, are encoded once, and of a θ that comes only the version is read.
/// </summary>
internal static class LoadMessages
{
    private const double Loss = 1.5;

    /// <summary>Field 2 of WorkerMessage and field 3 of CoordinatorMessage, each with a length.</summary>
    private static readonly byte
        SampleTag = Tag(WorkerMessage.SampleFieldNumber), ThetaTag = Tag(CoordinatorMessage.ThetaFieldNumber);

    private static readonly byte VersionTag = Theta.VersionFieldNumber << 3;

    public static readonly Method<byte[], Arrival> Join = new(
        MethodType.DuplexStreaming, OuterTraining.Descriptor.FullName, OuterTraining.Descriptor.Methods.Single().Name,
        Marshallers.Create<byte[]>(bytes => bytes, _ => throw new NotSupportedException()),
        Marshallers.Create<Arrival>((_, _) => throw new NotSupportedException(), Read));

    /// <summary>The part of a sample that is the same in all.</summary>
    public static byte[] SampleTail(Welcome welcome)
    {
        var sample = new Sample { Seconds = 0.01, SpecificationHash = welcome.SpecificationHash, Losses = { Loss, Loss } };
        var gradient = new Sample.Types.Gradient
        {
            Estimator = EstimatorId.Rp.Name,
            Outcome = Protocol.V1.Sample.Types.Outcome.Finite,
            Seconds = 0.005,
        };
        var random = new Random(1);
        for (int i = 0; i < welcome.ThetaLength; i++) gradient.Values.Add((random.NextSingle() - 0.5f) * 1e-3f);
        sample.Gradients.Add(gradient);
        return sample.ToByteArray();
    }

    public static byte[] Of(LoadProblem problem, long version, byte[] tail)
    {
        byte[] head = new Sample
        {
            ProblemId = problem.Id,
            Truncation = problem.Truncation,
            AssignmentId = problem.AssignmentId,
            ThetaVersion = version,
            StartStep = problem.InnerStep,
            Steps = problem.Steps,
            ProblemFinished = problem.Steps == problem.StepsLeft,
        }.ToByteArray();
        byte[] bytes = new byte[1 + CodedOutputStream.ComputeUInt32Size((uint)(head.Length + tail.Length)) + head.Length + tail.Length];
        bytes[0] = SampleTag;
        int at = 1;
        for (uint length = (uint)(head.Length + tail.Length); ; length >>= 7)
        {
            bytes[at++] = (byte)(length < 0x80 ? length : length | 0x80);
            if (length < 0x80) break;
        }

        head.CopyTo(bytes, at);
        tail.CopyTo(bytes, at + head.Length);
        return bytes;
    }

    public static byte[] Of(WorkerMessage message) => message.ToByteArray();

    private static byte Tag(int field) => (byte)((field << 3) | 2);

    private static Arrival Read(DeserializationContext context)
    {
        var bytes = context.PayloadAsReadOnlySequence();
        return bytes.FirstSpan is [var tag, ..] && tag == ThetaTag
            ? new Arrival(null, VersionOf(bytes))
            : new Arrival(CoordinatorMessage.Parser.ParseFrom(bytes), 0);
    }

    /// <summary>The version is the first field of θ; version 0 is not written at all.</summary>
    private static long VersionOf(ReadOnlySequence<byte> bytes)
    {
        Span<byte> start = stackalloc byte[(int)Math.Min(32, bytes.Length)];
        bytes.Slice(0, start.Length).CopyTo(start);
        int at = 1;
        while ((start[at++] & 0x80) != 0)
        {
        }

        if (start[at++] != VersionTag) return 0;
        long version = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = start[at++];
            version |= (long)(part & 0x7F) << shift;
            if ((part & 0x80) == 0) return version;
        }
    }
}
