using CsCheck;
using LoptCluster.Protocol.Wire;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using Xunit;

namespace LoptCluster.Protocol.Tests.Wire;

public sealed class InnerStateCodecTests
{
    private static readonly Gen<Particle> AnyParticle =
        Gen.Int[0, 20].SelectMany(
            w => Gen.Int[0, 5].SelectMany(m => Gen.Select(Gen.Float.Array[w], Gen.Float.Array[w * m], (a, b) => new Particle(a, b))));

    private static readonly Gen<Accumulator> AnyAccumulator = Gen.Select(
        Gen.String[Gen.Char.AlphaNumeric, 0, 8], Gen.Float.Array[0, 20], (n, v) => new Accumulator(n, v));

    private static readonly Gen<InnerState> AnyState = Gen.Select(
        Gen.Long[0, long.MaxValue], Gen.Int[1, int.MaxValue], Gen.Int[0, int.MaxValue], AnyParticle.Array[0, 3], AnyAccumulator.Array[0, 2],
        (id, horizon, truncation, particles, accumulators) => new InnerState
        {
            ProblemId = id,
            Horizon = horizon,
            InnerStep = horizon / 2,
            NextTruncation = truncation,
            Particles = [.. particles],
            Accumulators = [.. accumulators],
        });

    [Fact]
    public void State_ThereAndBack_IsTheSameBits() => AnyState.Sample(state =>
    {
        var back = InnerStateCodec.Decode(InnerStateCodec.Encode(state));
        Assert.Equal(
            (state.ProblemId, state.Horizon, state.InnerStep, state.NextTruncation),
            (back.ProblemId, back.Horizon, back.InnerStep, back.NextTruncation));
        Assert.Equal(state.Particles.Length, back.Particles.Length);
        for (int i = 0; i < state.Particles.Length; i++)
        {
            Assert.Equal(Bits(state.Particles[i].W), Bits(back.Particles[i].W));
            Assert.Equal(Bits(state.Particles[i].M), Bits(back.Particles[i].M));
        }

        Assert.Equal(state.Accumulators.Select(a => a.Name), back.Accumulators.Select(a => a.Name));
        Assert.Equal(state.Accumulators.SelectMany(a => Bits(a.Values)), back.Accumulators.SelectMany(a => Bits(a.Values)));
    });

    [Fact]
    public void Decode_EveryShorterPrefix_IsRefused()
    {
        byte[] bytes = InnerStateCodec.Encode(State(w: 4, m: 8));
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] prefix = bytes[..length];
            Assert.Contains(
                "An inner state ends within its",
                Assert.Throws<UserErrorException>(() => InnerStateCodec.Decode(prefix)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Decode_BytesAfterTheEnd_AreRefused()
    {
        byte[] longer = [.. InnerStateCodec.Encode(State(w: 4, m: 8)), 0];
        Assert.Equal(
            "An inner state has 1 bytes after its end.", Assert.Throws<UserErrorException>(() => InnerStateCodec.Decode(longer)).Message);
    }

    [Fact]
    public void Decode_AnyByteChanged_IsRefusedOrAState()
    {
        byte[] bytes = InnerStateCodec.Encode(State(w: 4, m: 8));
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] damaged = [.. bytes];
            damaged[at] = value;
            try
            {
                InnerStateCodec.Decode(damaged);
            }
            catch (UserErrorException e)
            {
                Assert.StartsWith("An inner state ", e.Message, StringComparison.Ordinal);
            }
        });
    }

    private static InnerState State(int w, int m) => new()
    {
        ProblemId = 5,
        Horizon = 100,
        InnerStep = 20,
        NextTruncation = 2,
        Particles = [new Particle(new float[w], new float[m])],
        Accumulators = [new Accumulator("xi", new float[3])],
    };

    private static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);
}
