using System.Buffers.Binary;
using System.Collections.Immutable;
using Google.Protobuf;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared.Run;

namespace LoptCluster.Chaos.Hostile.Messages;

/// <summary>States of half-done problems that are none, or do not fit: beyond what the field's type alone suggests.</summary>
internal static class StateSpoiling
{
    private const int CountsStart = sizeof(int) + sizeof(long) + (3 * sizeof(int));

    /// <returns>The bytes, what is wrong with them, and whether they must be refused; else they are dropped without a word.</returns>
    public static (ByteString Data, string Name, bool IsRefused) Draw(InnerState honest, Random random) => random.Next(8) switch
    {
        0 => (Encode(honest, [Particle(honest, float.NaN)]), "NaN in w", true),
        1 => (Encode(honest, [Particle(honest, float.NegativeInfinity)]), "-∞ in w", true),
        2 => (Encode(honest, []), "no particle", true),
        3 => (Encode(honest, [new Particle(honest.Particles[0].W, [1, 2, 3])]), "short optimizer state", true),
        4 => (Encode(honest, honest.Particles, problemId: 1L << 40), "a problem that does not exist", false),
        5 => (Encode(honest, honest.Particles, truncation: 1 << 20), "another place", false),
        6 => (Number(honest, CountsStart, int.MaxValue), "2³¹ particles", true),
        _ => (Number(honest, CountsStart + (2 * sizeof(int)), -5), "negative length", true),
    };

    private static ByteString Encode(
        InnerState honest, ImmutableArray<Particle> particles, long? problemId = null, int? truncation = null) =>
        UnsafeByteOperations.UnsafeWrap(InnerStateCodec.Encode(new InnerState
        {
            ProblemId = problemId ?? honest.ProblemId,
            Horizon = honest.Horizon,
            InnerStep = honest.InnerStep,
            NextTruncation = truncation ?? honest.NextTruncation,
            Particles = particles,
        }));

    private static Particle Particle(InnerState honest, float value)
    {
        float[] w = [.. honest.Particles[0].W];
        w[^1] = value;
        return new Particle(w, honest.Particles[0].M);
    }

    private static ByteString Number(InnerState honest, int at, int value)
    {
        byte[] bytes = InnerStateCodec.Encode(honest);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
