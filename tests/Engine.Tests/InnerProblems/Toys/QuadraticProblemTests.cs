using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.Toys;

public sealed class QuadraticProblemTests
{
    public static TheoryData<int> Dimensions => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void LossGradientAndProduct_AnyDimensions_EqualClosedForm(int n)
    {
        var (a, c) = Instance(n);
        using var sut = new QuadraticProblem(a, c);
        var random = new RandomStream(2, RandomPurpose.InnerInitialization, n);
        float[] w = new float[sut.Layout.PaddedLength], v = new float[w.Length], gradient = new float[w.Length], product = new float[w.Length];
        sut.Initialize(ref random, w);
        random.FillNormal(v.AsSpan(0, n));
        gradient.AsSpan().Fill(float.NaN);
        product.AsSpan(0, n).Fill(1);

        double loss = sut.LossAndGradient(w, default, gradient);
        sut.AddHessianVectorProduct(w, v, default, product);

        double expectedLoss = 0;
        double[] expectedGradient = new double[n], expectedProduct = new double[n];
        for (int i = 0; i < n; i++)
        {
            expectedProduct[i] = 1;
            for (int j = 0; j < n; j++)
            {
                expectedGradient[i] += (double)a[(i * n) + j] * ((double)w[j] - c[j]);
                expectedProduct[i] += (double)a[(i * n) + j] * v[j];
            }

            expectedLoss += 0.5 * expectedGradient[i] * ((double)w[i] - c[i]);
        }

        Assert.InRange(loss, expectedLoss - (1e-5 * Math.Abs(expectedLoss)) - 1e-6, expectedLoss + (1e-5 * Math.Abs(expectedLoss)) + 1e-6);
        Assert.Equal(loss, sut.Loss(w, default));
        Assert.InRange(VectorAssert.RelativeError(VectorAssert.Wide(sut.Layout, gradient), expectedGradient), 0, 1e-5);
        Assert.InRange(VectorAssert.RelativeError(VectorAssert.Wide(sut.Layout, product), expectedProduct), 0, 1e-5);
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
        VectorAssert.PaddingIsZero(sut.Layout, product);
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void LossAndGradient_ParametersNotFinite_LossIsNotFiniteAndPaddingStaysZero(float value)
    {
        var (a, c) = Instance(5);
        using var sut = new QuadraticProblem(a, c);
        float[] w = new float[sut.Layout.PaddedLength], gradient = new float[w.Length], product = new float[w.Length];
        w[2] = value;
        Assert.False(double.IsFinite(sut.LossAndGradient(w, default, gradient)));
        sut.AddHessianVectorProduct(w, w, default, product);
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
        VectorAssert.PaddingIsZero(sut.Layout, product);
    }

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
        using QuadraticProblem a = RandomQuadratic.Create(ref one, 6), b = RandomQuadratic.Create(ref same, 6), c = RandomQuadratic.Create(ref other, 6);
        Assert.Equal(Matrix(a), Matrix(b));
        Assert.NotEqual(Matrix(a), Matrix(c));
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

    private static (float[] A, float[] C) Instance(int n)
    {
        var random = new RandomStream(1, RandomPurpose.QuadraticProblem, n);
        float[] a = new float[n * n], c = new float[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++) a[(i * n) + j] = a[(j * n) + i] = (float)random.NextNormal() + (i == j ? 10 : 0);
        }

        random.FillNormal(c);
        return (a, c);
    }
}
