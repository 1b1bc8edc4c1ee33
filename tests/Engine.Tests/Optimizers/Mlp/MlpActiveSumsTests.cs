using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Mlp;

public sealed unsafe class MlpActiveSumsTests
{
    private const int Hidden = MlpShape.Hidden;

    /// <summary>Twice, as the second time starts from what the first left in the buckets.</summary>
    [Fact]
    public void AddTo_AnyLength_IsTheSumOverActiveParameters()
    {
        using var sut = new MlpActiveSums();
        foreach (int n in Enumerable.Range(1, 70).Append(700))
        {
            using var vectors = new AlignedBuffer(10L * Stride(n));
            var random = new RandomStream(n, RandomPurpose.InnerInitialization);
            uint[] active = new uint[Stride(n)];
            for (int i = 0; i < active.Length; i++) active[i] = n % 3 == 0 ? 0xF00F1234 : random.NextUInt32();
            for (int row = 0; row < 9; row++) random.FillNormal(vectors.Slice((long)row * Stride(n), n));
            for (int turn = 0; turn < 2; turn++)
            {
                double[] actual = new double[MlpActiveSums.Sums * Hidden];
                fixed (uint* bits = active)
                fixed (double* totals = actual)
                {
                    float* p = vectors.Pointer;
                    sut.Add(
                        new MlpVectors(p, p + Stride(n), p + (2 * Stride(n)), Stride(n)),
                        n,
                        p + (7 * Stride(n)),
                        p + (8 * Stride(n)),
                        bits);
                    sut.AddTo(totals);
                }

                double[] expected = Expected(vectors, active, n);

                // Sums of n products of order 1, in float32.
                for (int i = 0; i < actual.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6 * n);
            }
        }
    }

    private static int Stride(int n) => (n + 15) / 16 * 16;

    /// <summary>[ō0, ō1; g, momenta, w, 1; unit]; the unit's bit is the 31 − jth.</summary>
    private static double[] Expected(AlignedBuffer vectors, uint[] active, int n)
    {
        double[] sums = new double[MlpActiveSums.Sums * Hidden];
        float Row(int row, int i) => vectors.Span[(row * Stride(n)) + i];
        int[] inputs = [0, 2, 3, 4, 5, 6, 1];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < Hidden; j++)
            {
                if ((active[i] >> (31 - j) & 1) == 0) continue;
                for (int output = 0; output < 2; output++)
                    for (int f = 0; f < 8; f++)
                        sums[(((8 * output) + f) * Hidden) + j] += (double)Row(7 + output, i) * (f < 7 ? Row(inputs[f], i) : 1);
            }
        }

        return sums;
    }
}
