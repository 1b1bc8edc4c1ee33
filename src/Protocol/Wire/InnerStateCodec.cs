using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;

namespace LoptCluster.Protocol.Wire;

/// <summary>An inner state as bytes: in messages and in the run store.</summary>
/// <remarks>
/// Little-endian: format, problem id, horizon, t, next truncation, number of particles and of accumulators; of each particle the lengths of
/// w and of the optimizer state, then both; of each accumulator the length of its name and of its values, then both. Vectors are float32 in
/// the padded layout.
/// </remarks>
public static class InnerStateCodec
{
    private const int Format = 1;
    private const int HeaderBytes = (6 * sizeof(int)) + sizeof(long);

    public static byte[] Encode(InnerState state)
    {
        long bytes = HeaderBytes
            + state.Particles.Sum(p => (2L * sizeof(int)) + (sizeof(float) * ((long)p.W.Length + p.M.Length)))
            + state.Accumulators.Sum(
                a => (2L * sizeof(int)) + Encoding.UTF8.GetByteCount(a.Name) + (sizeof(float) * (long)a.Values.Length));
        var writer = new Writer(new byte[bytes]);
        writer.Int32(Format);
        writer.Int64(state.ProblemId);
        foreach (int number in (ReadOnlySpan<int>)[
            state.Horizon, state.InnerStep, state.NextTruncation, state.Particles.Length, state.Accumulators.Length]) writer.Int32(number);
        foreach (var particle in state.Particles)
        {
            writer.Int32(particle.W.Length);
            writer.Int32(particle.M.Length);
            writer.Bytes(MemoryMarshal.AsBytes<float>(particle.W));
            writer.Bytes(MemoryMarshal.AsBytes<float>(particle.M));
        }

        foreach (var accumulator in state.Accumulators)
        {
            byte[] name = Encoding.UTF8.GetBytes(accumulator.Name);
            writer.Int32(name.Length);
            writer.Int32(accumulator.Values.Length);
            writer.Bytes(name);
            writer.Bytes(MemoryMarshal.AsBytes<float>(accumulator.Values));
        }

        return writer.Buffer;
    }

    /// <exception cref="UserErrorException">The bytes are not an inner state; the message says where they go wrong.</exception>
    public static InnerState Decode(ReadOnlySpan<byte> bytes) => Decode(new ReadOnlySequence<byte>(bytes.ToArray()));

    /// <inheritdoc cref="Decode(ReadOnlySpan{byte})"/>
    public static InnerState Decode(ReadOnlySequence<byte> bytes)
    {
        var reader = new Reader(bytes);
        int format = reader.Int32("format");
        if (format != Format)
            throw new UserErrorException($"An inner state has format '{format}' instead of '{Format}'. Use programs of the same release.");
        long problemId = reader.Int64("problem id");
        int horizon = reader.Int32("horizon"), innerStep = reader.Int32("inner-step"), truncation = reader.Int32("next truncation");
        if (problemId < 0 || horizon < 1 || innerStep < 0 || innerStep > horizon || truncation < 0)
            throw new UserErrorException(
                $"An inner state of problem '{problemId}' is at inner-step '{innerStep}' of '{horizon}', truncation '{truncation}'.");
        int particles = reader.Count("particles"), accumulators = reader.Count("accumulators");
        var state = new InnerState
        {
            ProblemId = problemId,
            Horizon = horizon,
            InnerStep = innerStep,
            NextTruncation = truncation,
            Particles = ReadParticles(ref reader, particles),
            Accumulators = ReadAccumulators(ref reader, accumulators),
        };
        reader.End();
        return state;
    }

    private static ImmutableArray<Particle> ReadParticles(ref Reader reader, int count)
    {
        var particles = ImmutableArray.CreateBuilder<Particle>();
        for (int i = 0; i < count; i++)
        {
            int w = reader.Count("w"), m = reader.Count("optimizer state");
            particles.Add(new Particle(reader.Floats(w, "w"), reader.Floats(m, "optimizer state")));
        }

        return particles.ToImmutable();
    }

    private static ImmutableArray<Accumulator> ReadAccumulators(ref Reader reader, int count)
    {
        var accumulators = ImmutableArray.CreateBuilder<Accumulator>();
        for (int i = 0; i < count; i++)
        {
            int name = reader.Count("accumulator name"), values = reader.Count("accumulator");
            accumulators.Add(
                new Accumulator(Encoding.UTF8.GetString(reader.Take(name, "accumulator name")), reader.Floats(values, "accumulator")));
        }

        return accumulators.ToImmutable();
    }

    private ref struct Writer(byte[] buffer)
    {
        private int _position;

        public byte[] Buffer { get; } = buffer;

        public void Int32(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(Buffer.AsSpan(_position), value);
            _position += sizeof(int);
        }

        public void Int64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(Buffer.AsSpan(_position), value);
            _position += sizeof(long);
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(Buffer.AsSpan(_position));
            _position += bytes.Length;
        }
    }

    /// <summary>Reads from the front, and names the part that is missing.</summary>
    private ref struct Reader(ReadOnlySequence<byte> bytes)
    {
        private ReadOnlySequence<byte> _rest = bytes;

        public int Int32(string part)
        {
            Span<byte> number = stackalloc byte[sizeof(int)];
            Take(number.Length, part).CopyTo(number);
            return BinaryPrimitives.ReadInt32LittleEndian(number);
        }

        public long Int64(string part)
        {
            Span<byte> number = stackalloc byte[sizeof(long)];
            Take(number.Length, part).CopyTo(number);
            return BinaryPrimitives.ReadInt64LittleEndian(number);
        }

        public int Count(string part) => Int32(part) is >= 0 and var count
            ? count
            : throw new UserErrorException($"An inner state has a negative length of its {part}.");

        public float[] Floats(int count, string part)
        {
            var bytes = Take(sizeof(float) * (long)count, part);
            float[] values = new float[count];
            bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }

        public ReadOnlySequence<byte> Take(long count, string part)
        {
            if (count > _rest.Length)
                throw new UserErrorException(
                    $"An inner state ends within its {part}: {count} bytes are needed and {_rest.Length} are left.");
            var read = _rest.Slice(0, count);
            _rest = _rest.Slice(count);
            return read;
        }

        public void End()
        {
            if (!_rest.IsEmpty) throw new UserErrorException($"An inner state has {_rest.Length} bytes after its end.");
        }
    }
}
