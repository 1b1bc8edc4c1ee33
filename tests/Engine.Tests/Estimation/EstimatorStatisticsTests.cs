using CsCheck;
using LoptCluster.Engine.Estimation;
using LoptCluster.Shared.Run;
using Xunit;

namespace LoptCluster.Engine.Tests.Estimation;

public sealed class EstimatorStatisticsTests
{
    /// <summary>Elements are summed side by side; each in the order of the samples, whose last bits θ depends on.</summary>
    [Fact]
    public void Of_AnyLengthAndWeights_HasTheBitsOfOneElementAfterAnother() =>
        Gen.Select(Gen.Int[0, 40], Gen.Double[1e-3, 2].Array[1, 9], Gen.Long).Sample((length, weights, seed) =>
        {
            var random = new Random((int)seed);
            (ReadOnlyMemory<float> Gradient, double Weight)[] samples =
                [.. weights.Select(w => ((ReadOnlyMemory<float>)Enumerable.Range(0, length).Select(_ => Value(random)).ToArray(), w))];

            var statistics = EstimatorStatistics.Of(EstimatorId.Rp, length, samples);

            for (int i = 0; i < length; i++)
            {
                double mean = 0, variance = 0, sum = 0, sumSquares = 0;
                foreach (var (g, w) in samples) (mean, sum, sumSquares) = (mean + (w * g.Span[i]), sum + w, sumSquares + (w * w));
                mean /= sum;
                foreach (var (g, w) in samples) variance += w * (g.Span[i] - mean) * (g.Span[i] - mean);
                variance = (variance / (sum - (sumSquares / sum))) + EstimatorStatistics.VarianceFloor;
                Assert.Equal(BitConverter.DoubleToInt64Bits(mean), BitConverter.DoubleToInt64Bits(statistics.Mean[i]));
                if (samples.Length > 1)
                    Assert.Equal(BitConverter.DoubleToInt64Bits(variance), BitConverter.DoubleToInt64Bits(statistics.Variance[i]));
            }
        });

    /// <summary>Of very different sizes, so that the order of a sum shows.</summary>
    private static float Value(Random random) => (float)(random.NextDouble() - 0.5) * MathF.Pow(10, random.Next(-12, 12));
}
