using System.Runtime.Intrinsics;
using CsCheck;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Shared.Tests.Randomness;

public sealed class RandomStreamTests
{
    /// <summary>Known answers of Philox 4×32-10 that Random123 publishes (kat_vectors).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(
        0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_KnownCounterAndKey_GivesThePublishedBlock(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal(Vector128.Create(x0, x1, x2, x3), RandomStream.Philox(c0, new PhiloxCounter(k0, k1, c1, c2, c3)));

    [Fact]
    public void NextUInt32_CountsThroughBlocks()
    {
        var random = new RandomStream(5, RandomPurpose.Perturbation, 7, 9);
        uint[] drawn = [.. Enumerable.Range(0, 8).Select(_ => random.NextUInt32())];

        uint purpose = (uint)RandomPurpose.Perturbation << 8;
        var first = RandomStream.Philox(0, new PhiloxCounter(5, 0, 9, 7, purpose));
        var second = RandomStream.Philox(1, new PhiloxCounter(5, 0, 9, 7, purpose));
        Assert.Equal([first[0], first[1], first[2], first[3], second[0], second[1], second[2], second[3]], drawn);
    }

    [Fact]
    public void Streams_ThatDifferInAnyPartOfTheKey_DifferFromTheStart()
    {
        static uint First(RandomStream random) => random.NextUInt32();
        uint[] firsts =
        [
            First(new(1, RandomPurpose.TaskClasses, 2, 3)), First(new(2, RandomPurpose.TaskClasses, 2, 3)),
            First(new(1, RandomPurpose.TaskImages, 2, 3)), First(new(1, RandomPurpose.TaskClasses, 3, 3)),
            First(new(1, RandomPurpose.TaskClasses, 2, 4)), First(new(1, RandomPurpose.TaskClasses, 2L + (1L << 33), 3)),
            First(new(1L << 40, RandomPurpose.TaskClasses, 2, 3)),
        ];

        Assert.Equal(firsts.Length, firsts.Distinct().Count());
    }

    /// <summary>They are drawn four at a time; the cosine of a small angle is another polynomial alone than among others.</summary>
    [Fact]
    public void FillNormal_AnySeedLengthAndStart_HasTheBitsOfOneAfterAnother() =>
        Gen.Select(Gen.Long, Gen.Int[0, 200], Gen.Int[0, 5]).Sample((seed, length, before) =>
        {
            var one = new RandomStream(seed, RandomPurpose.Perturbation);
            var other = one;
            for (int i = 0; i < before; i++) Assert.Equal(one.NextUInt32(), other.NextUInt32());
            float[] filled = new float[length];
            one.FillNormal(filled, 0.1);
            foreach (float x in filled)
                Assert.Equal(BitConverter.SingleToInt32Bits((float)(other.NextNormal() * 0.1)), BitConverter.SingleToInt32Bits(x));
            Assert.Equal(other.NextUInt32(), one.NextUInt32());
        }, iter: 3000);

    [Fact]
    public void NextNormal_ManyDraws_HasMeanZeroVarianceOneAndNormalTails()
    {
        const int Draws = 200_000;
        var random = new RandomStream(3, RandomPurpose.InnerInitialization);
        double sum = 0, squares = 0;
        int beyondTwo = 0;
        for (int i = 0; i < Draws; i++)
        {
            double x = random.NextNormal();
            sum += x;
            squares += x * x;
            if (Math.Abs(x) > 2) beyondTwo++;
        }

        // Five standard errors each; 4.55 % of a normal lies beyond 2.
        Assert.InRange(sum / Draws, -0.0112, 0.0112);
        Assert.InRange(squares / Draws, 1 - 0.0159, 1 + 0.0159);
        Assert.InRange(beyondTwo / (double)Draws, 0.0455 - 0.0024, 0.0455 + 0.0024);
    }

    [Fact]
    public void NextTruncatedNormal_AnySeed_StaysWithinTheBound() =>
        Gen.Long.Sample(seed =>
        {
            var random = new RandomStream(seed, RandomPurpose.ThetaInitialization);
            return Enumerable.Range(0, 64).All(_ => Math.Abs(random.NextTruncatedNormal()) <= 2);
        });

    [Fact]
    public void NextInt32_AnyBound_StaysBelowIt() =>
        Gen.Select(Gen.Long, Gen.Int[1, int.MaxValue]).Sample((seed, bound) =>
        {
            var random = new RandomStream(seed, RandomPurpose.InnerMinibatch);
            return Enumerable.Range(0, 32).Select(_ => random.NextInt32(bound)).All(x => x >= 0 && x < bound);
        });

    [Fact]
    public void Choose_AnyCount_GivesDifferentNumbersBelowTheBound() =>
        Gen.Select(Gen.Long, Gen.Int[1, 100], Gen.Int[0, 100]).Sample((seed, bound, count) =>
        {
            int[] chosen = new int[Math.Min(bound, count)];
            new RandomStream(seed, RandomPurpose.TaskClasses).Choose(bound, chosen);
            return chosen.Distinct().Count() == chosen.Length && chosen.All(x => x >= 0 && x < bound);
        });

    [Fact]
    public void Choose_MoreThanThereAre_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(1, RandomPurpose.TaskClasses).Choose(3, new int[4]));
}
