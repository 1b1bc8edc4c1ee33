using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.Toys;

public sealed class QuadraticProblemTests : InnerProblemContract<QuadraticCases>
{
    [Fact]
    public void Constructor_MatrixNotSymmetric_NamesTheElements()
    {
        var error = Assert.Throws<ArgumentException>(() => new QuadraticProblem([1, 2, 3, 4], [0, 0]));
        Assert.Contains("A[1, 0]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(50)]
    public void RandomQuadratic_AnyDimensions_HasTheTraceAndNormOfItsEigenvalues(int n)
    {
        var random = new RandomStream(3, RandomPurpose.QuadraticProblem, 7);
        using var sut = RandomQuadratic.Create(ref random, n);
        double[] eigenvalues = [.. Enumerable.Range(0, n).Select(i => RandomQuadratic.Eigenvalue(i, n))];
        double scale = 4 / eigenvalues.Sum();
        if (n > 1) Assert.Equal(100, eigenvalues[^1] / eigenvalues[0], 1e-9);

        // Reflections keep both; together with the two ends of the spectrum they leave little else to be wrong.
        double[][] a = Matrix(sut);
        Assert.Equal(4, Enumerable.Range(0, n).Sum(i => a[i][i]), 1e-4);
        double square = a.Sum(row => row.Sum(x => x * x));
        Assert.InRange(square / (scale * scale * eigenvalues.Sum(x => x * x)), 1 - 1e-4, 1 + 1e-4);
        if (n > 2) Assert.True(Math.Abs(a[0][1]) > 1e-6, "the eigenvectors are the axes");
    }

    [Fact]
    public void RandomQuadratic_SameKey_IsTheSameAndAnotherKeyIsNot()
    {
        RandomStream one = new(3, RandomPurpose.QuadraticProblem, 7), same = one, other = new(3, RandomPurpose.QuadraticProblem, 8);
        using QuadraticProblem a =
            RandomQuadratic.Create(ref one, 6), b = RandomQuadratic.Create(ref same, 6), c = RandomQuadratic.Create(ref other, 6);
        Assert.Equal(Matrix(a), Matrix(b));
        Assert.NotEqual(Matrix(a), Matrix(c));
    }

    /// <summary>The coordinator refuses a negative loss: near the minimum its rounding must not exceed it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(300)]
    public void Loss_RandomQuadraticOnTheWayToItsMinimum_IsNeverNegative(int n)
    {
        var random = new RandomStream(3, RandomPurpose.QuadraticProblem, n);
        using var sut = RandomQuadratic.Create(ref random, n);
        float[] w = new float[sut.Layout.PaddedLength], gradient = new float[w.Length];
        sut.Initialize(ref random, w);
        float rate = (float)(Enumerable.Range(0, n).Sum(i => RandomQuadratic.Eigenvalue(i, n)) / 4);
        double loss = 0;
        for (int t = 0; t < 2000; t++)
        {
            loss = sut.LossAndGradient(w, default, gradient);
            Assert.InRange(loss, 0, 100);
            for (int i = 0; i < w.Length; i++) w[i] -= rate * gradient[i];
        }

        Assert.InRange(loss, 0, 1e-9);
    }

    private static double[][] Matrix(QuadraticProblem problem) =>
    [
        .. Enumerable.Range(0, problem.Layout.Length).Select(i =>
        {
            float[] v = new float[problem.Layout.PaddedLength], row = new float[v.Length];
            v[i] = 1;
            problem.AddHessianVectorProduct(v, v, default, row);
            return VectorAssert.Wide(problem.Layout, row);
        }),
    ];
}
