using LoptCluster.Engine.InnerProblems;
using Xunit;

namespace LoptCluster.TestKit.InnerProblems;

/// <summary>Laws of a gradient and of a Hessian, on given data.</summary>
public static class InnerProblemAssert
{
    /// <summary>Below this norm an error is compared to it instead: with one class everything is zero but the rounding.</summary>
    private const double SmallestNorm = 1e-2;

    public static void Near(double[] expected, double[] actual, double tolerance)
    {
        double error = VectorAssert.Norm([.. actual.Zip(expected, (a, b) => a - b)]);
        Assert.InRange(error, 0, tolerance * Math.Max(VectorAssert.Norm(expected), SmallestNorm));
    }

    /// <summary>
    /// Central differences along a random direction: of the loss against the gradient, of the gradient against the product.
    /// </summary>
    public static void DerivativesAreThoseOfFiniteDifferences(IInnerProblem sut, InnerProblemData data)
    {
        // Float32 losses are exact to 1e-7: with this step the quotient is to 1e-5, and the third derivative adds some 1e-4.
        const float Step = 1e-2f;
        const double SlopeTolerance = 2e-3, ProductTolerance = 5e-3;
        double[] direction = data.Wide(data.V);
        float norm = (float)VectorAssert.Norm(direction);
        float[] v = [.. data.V.Select(x => x / norm)];
        float[] up = [.. data.W.Zip(v, (a, b) => a + (Step * b))], down = [.. data.W.Zip(v, (a, b) => a - (Step * b))];
        float[] gradient = new float[v.Length], above = new float[v.Length], below = new float[v.Length], product = new float[v.Length];
        sut.LossAndGradient(data.W, data.Batch, gradient);
        double slope = (sut.LossAndGradient(up, data.Batch, above) - sut.LossAndGradient(down, data.Batch, below)) / (2 * Step);
        double[] g = data.Wide(gradient);
        Assert.Equal(VectorAssert.Dot(g, data.Wide(v)), slope, SlopeTolerance * VectorAssert.Norm(g));

        sut.AddHessianVectorProduct(data.W, v, data.Batch, product);
        float[] difference = [.. above.Zip(below, (a, b) => (a - b) / (2 * Step))];
        Assert.InRange(VectorAssert.RelativeError(data.Wide(product), data.Wide(difference)), 0, ProductTolerance);
    }

    /// <summary>uᵀHv = vᵀHu and H(u - 2v) = Hu - 2Hv.</summary>
    public static void HessianIsSymmetricAndLinear(IInnerProblem sut, InnerProblemData data, double tolerance)
    {
        // A few units in the last place of float32: the terms are the vectors times activations of norms up to ten.
        const double Rounding = 4e-7;
        float[] u = data.NewVector(), v = data.V, sum = [.. u.Zip(v, (a, b) => a - (2 * b))];
        double[] hu = Product(u), hv = Product(v), hsum = Product(sum), wideU = data.Wide(u), wideV = data.Wide(v);

        // Where the classes are nearly decided the Hessian is small, and what is left is the rounding of terms as large as the vectors.
        var (normU, normV) = (VectorAssert.Norm(wideU), VectorAssert.Norm(wideV));
        double most = (tolerance * normU * VectorAssert.Norm(hv)) + (Rounding * normU * normV);
        Assert.InRange(VectorAssert.Dot(wideU, hv) - VectorAssert.Dot(wideV, hu), -most, most);
        double error = VectorAssert.Norm([.. hu.Zip(hv, (a, b) => a - (2 * b)).Zip(hsum, (a, b) => a - b)]);
        double rounding = Rounding * (normU + (2 * normV));
        Assert.InRange(error, 0, (tolerance * (VectorAssert.Norm(hu) + (2 * VectorAssert.Norm(hv)))) + rounding);

        double[] Product(float[] direction)
        {
            float[] product = new float[direction.Length];
            sut.AddHessianVectorProduct(data.W, direction, data.Batch, product);
            return data.Wide(product);
        }
    }
}
