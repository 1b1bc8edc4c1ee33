using LoptCluster.Engine.Optimizers.Baselines;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

public sealed class NewtonSchulzTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 1 }, { 1, 7 }, { 7, 1 }, { 3, 5 }, { 5, 3 }, { 16, 16 }, { 17, 16 }, { 15, 33 }, { 33, 48 }, { 288, 32 }, { 20, 100 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Orthogonalize_AnyShape_EqualsDefinition(int rows, int columns)
    {
        // Room for a larger matrix too, as the scratch of a net has.
        using var sut = new NewtonSchulz([(rows, columns), (40, 30)]);
        float[] actual = Matrix(rows, columns);
        double[,] matrix = new double[rows, columns];
        for (int i = 0; i < rows * columns; i++) matrix[i / columns, i % columns] = actual[i];
        sut.Orthogonalize(actual, rows, columns);
        double[] expected = [.. DoubleBaselines.Orthogonalized(matrix).Cast<double>()];
        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(actual[..expected.Length]), expected), 0, 1e-5);
        Assert.All(actual[expected.Length..], x => Assert.Equal(0, x));
    }

    [Fact]
    public void Orthogonalize_Zero_StaysZero()
    {
        using var sut = new NewtonSchulz([(4, 4)]);
        float[] matrix = new float[16];
        sut.Orthogonalize(matrix, 4, 4);
        Assert.All(matrix, x => Assert.Equal(0, x));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Orthogonalize_NotFinite_IsSeenInAllElementsAndForgotten(float bad)
    {
        using var sut = new NewtonSchulz([(3, 5)]);
        float[] first = Matrix(3, 5), spoilt = Matrix(3, 5), again = Matrix(3, 5);
        sut.Orthogonalize(first, 3, 5);
        spoilt[4] = bad;
        sut.Orthogonalize(spoilt, 3, 5);
        sut.Orthogonalize(again, 3, 5);
        Assert.All(spoilt[..15], x => Assert.True(float.IsNaN(x)));
        Assert.Equal(0, spoilt[15]);
        Assert.Equal(first, again);
    }

    private static float[] Matrix(int rows, int columns)
    {
        float[] matrix = new float[((rows * columns) + 15) / 16 * 16];
        new RandomStream(rows, RandomPurpose.ThetaInitialization, columns).FillNormal(matrix.AsSpan(0, rows * columns), 0.03);
        return matrix;
    }
}
