using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.HandDesigned;
using LoptCluster.Engine.Parameters;
using LoptCluster.Engine.Tests.InnerProblems;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.HandDesigned;

public sealed class HandDesignedOptimizersTests
{
    public static TheoryData<OptimizerKind, int> Cases
    {
        get
        {
            var data = new TheoryData<OptimizerKind, int>();
            foreach (var kind in new[] { OptimizerKind.Sgd, OptimizerKind.Momentum, OptimizerKind.Adam })
                foreach (int length in Enumerable.Range(1, 40).Append(300)) data.Add(kind, length);
            return data;
        }
    }

    public static TheoryData<OptimizerKind, long> Times => new()
    {
        { OptimizerKind.Sgd, 0 }, { OptimizerKind.Momentum, 0 }, { OptimizerKind.Adam, 0 }, { OptimizerKind.Adam, 1 }, { OptimizerKind.Adam, 1000 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Update_AnyLength_EqualsDouble(OptimizerKind kind, int length)
    {
        var layout = new ParameterLayout(("a", [length]), ("b", [3]));
        using var sut = OptimizerFactory.Create(new RunSpecification { Optimizer = kind }, layout);
        var c = new OptimizerCase(sut, layout, length);
        sut.Update(c.Theta, c.T, c.G, c.WNext, c.MNext);
        var (w, m) = Update(kind, OptimizerCase.Wide(c.Theta), c.T, OptimizerCase.Wide(c.G), OptimizerCase.Wide(c.W), OptimizerCase.Wide(c.M));
        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(c.WNext), w), 0, 1e-6);
        if (m.Length > 0) Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(c.MNext), m), 0, 1e-6);
        Assert.All(c.MNext.Chunk(layout.PaddedLength).Append(c.WNext), v => VectorAssert.PaddingIsZero(layout, v));
    }

    [Theory]
    [MemberData(nameof(Times))]
    public void VectorJacobianProduct_EveryInput_EqualsFiniteDifference(OptimizerKind kind, long t)
    {
        var layout = new ParameterLayout(("a", [21]), ("b", [2]));
        using var sut = OptimizerFactory.Create(new RunSpecification { Optimizer = kind }, layout);
        var c = new OptimizerCase(sut, layout) { T = t };
        double[][] at = [OptimizerCase.Wide(c.Theta), OptimizerCase.Wide(c.G), OptimizerCase.Wide(c.W), OptimizerCase.Wide(c.M)];
        double[] wBar = OptimizerCase.Wide(c.WCotangent), mBar = OptimizerCase.Wide(c.MCotangent);
        c.Run(sut);
        double[][] pulled = [c.ThetaCotangent, OptimizerCase.Wide(c.GCotangent), OptimizerCase.Wide(c.WCotangent), OptimizerCase.Wide(c.MCotangent)];
        for (int which = 0; which < at.Length; which++)
        {
            if (at[which].Length == 0) continue;
            double[] differences = [.. at[which].Select((x, i) => Difference(kind, t, at, which, i, wBar, mBar))];
            Assert.InRange(VectorAssert.RelativeError(pulled[which], differences), 0, 2e-5);
        }

        Assert.All(c.Padded, v => VectorAssert.PaddingIsZero(layout, v));
    }

    [Fact]
    public void Adam_FirstStep_IsTheRateInTheGradientsDirection()
    {
        var layout = new ParameterLayout(("a", [2]));
        using var sut = new AdamOptimizer(layout);
        float[] w = new float[16], m = new float[32], g = new float[16];
        (g[0], g[1]) = (0.5f, -20f);
        sut.Update(AdamOptimizer.Theta(0.01), 0, g, w, m);
        Assert.Equal(-0.01, w[0], 1e-7);
        Assert.Equal(0.01, w[1], 1e-7);
    }

    [Theory]
    [InlineData(200f, -2f, -7f, -18f)]
    [InlineData(-7f, 5f, 5f, -18f)]
    [InlineData(-7f, -200f, -200f, -18f)]
    [InlineData(-7f, -2f, -7f, -200f)]
    public void Adam_ThetaBeyondTheAllowedRange_SendsNothingBackThereAndKeepsThePaddingZero(params float[] theta)
    {
        var layout = new ParameterLayout(("a", [5]));
        using var sut = new AdamOptimizer(layout);
        var c = new OptimizerCase(sut, layout) { Theta = theta }.Run(sut);
        Assert.Contains(0.0, c.ThetaCotangent);
        Assert.All(c.Padded, v => VectorAssert.PaddingIsZero(layout, v));
    }

    [Fact]
    public void RmsProp_SeveralSteps_EqualsDouble()
    {
        var layout = new ParameterLayout(("a", [37]));
        using var sut = new RmsPropOptimizer(layout);
        using var sgd = new SgdOptimizer(layout);
        var c = new OptimizerCase(sgd, layout);
        float[] m = new float[layout.PaddedLength];
        double[] w = OptimizerCase.Wide(c.W), v = new double[layout.PaddedLength];
        for (int t = 0; t < 20; t++)
        {
            sut.Update([0.01f], t, c.G, c.WNext, m);
            for (int i = 0; i < w.Length; i++)
            {
                v[i] = (0.9 * v[i]) + (0.1 * c.G[i] * c.G[i]);
                w[i] -= 0.01 * c.G[i] / Math.Sqrt(v[i] + 1e-10);
            }
        }

        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(c.WNext), w), 0, 1e-5);
        VectorAssert.PaddingIsZero(layout, c.WNext);
    }

    private static double Difference(OptimizerKind kind, long t, double[][] at, int which, int i, double[] wBar, double[] mBar)
    {
        // Second moments are of order 1e-4 and positive; a padding element has no parameter behind it and its cotangents are zero.
        double delta = which == 0 ? 1e-6 : 1e-4 * Math.Abs(at[which][i]);
        if (delta == 0) return 0;
        double Value(double change)
        {
            double[][] x = [.. at.Select(v => v.ToArray())];
            x[which][i] += change;
            var (w, m) = Update(kind, x[0], t, x[1], x[2], x[3]);
            return VectorAssert.Dot(w, wBar) + VectorAssert.Dot(m, mBar);
        }

        return (Value(delta) - Value(-delta)) / (2 * delta);
    }

    private static (double[] W, double[] M) Update(OptimizerKind kind, double[] theta, long t, double[] g, double[] w, double[] m)
    {
        double[] next = [.. w], mNext = [.. m];
        for (int i = 0; i < g.Length; i++)
        {
            switch (kind)
            {
                case OptimizerKind.Sgd:
                    next[i] -= theta[0] * g[i];
                    break;
                case OptimizerKind.Momentum:
                    mNext[i] = (theta[1] * m[i]) + g[i];
                    next[i] -= theta[0] * mNext[i];
                    break;
                default:
                    double b1 = 1 - Math.Exp(theta[1]), b2 = 1 - Math.Exp(theta[2]);
                    mNext[i] = (b1 * m[i]) + ((1 - b1) * g[i]);
                    mNext[g.Length + i] = (b2 * m[g.Length + i]) + ((1 - b2) * g[i] * g[i]);
                    double first = mNext[i] / (1 - Math.Pow(b1, t + 1)), second = mNext[g.Length + i] / (1 - Math.Pow(b2, t + 1));
                    next[i] -= Math.Exp(theta[0]) * first / (Math.Sqrt(second) + Math.Exp(theta[3]));
                    break;
            }
        }

        return (next, mNext);
    }
}
