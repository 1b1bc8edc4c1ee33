using System.Text.Json;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers;

/// <summary>What holds for every family whose θ a run can train: beside the update its vector-Jacobian product.</summary>
public abstract class OuterTrainableFamilyContract(IOuterTrainableFamily family) : OptimizerFamilyContract(family)
{
    private static readonly ParameterLayout Large = new(("a", [9_000]), ("b", [3]), ("c", [65]));

    protected new IOuterTrainableFamily Family { get; } = family;

    /// <summary>Steps before the update at which the vector-Jacobian product is checked.</summary>
    protected virtual long[] Times => [0, 1, 1000];

    /// <summary>θ at which the vector-Jacobian product is checked.</summary>
    private protected virtual float[] ThetaOfPullback => Family.InitialTheta(seed: 1);

    /// <summary>Step of the finite differences, relative to the element.</summary>
    protected virtual double RelativeDelta => 1e-4;

    [Fact]
    public void Family_IsRegisteredUnderItsKindAndItsWordInConfiguration()
    {
        Assert.Same(Family, OptimizerFamilies.Of(Family.Kind));
        Assert.Equal(JsonNamingPolicy.CamelCase.ConvertName(Family.Kind.ToString()), Family.Name);
        Assert.Same(Family, OptimizerFamilies.Find(Family.Name));
    }

    [Fact]
    public void VectorJacobianProduct_EveryInput_EqualsFiniteDifferencesOfTheDefinition()
    {
        using var sut = Family.Create(Small, Settings);
        foreach (long t in Times)
        {
            var c = new OptimizerCase(Family, Small) { T = t, Theta = ThetaOfPullback };
            double[][] at = [OptimizerCase.Wide(c.Theta), OptimizerCase.Wide(c.G), OptimizerCase.Wide(c.W), OptimizerCase.Wide(c.M)];
            double[] wBar = OptimizerCase.Wide(c.WCotangent), mBar = OptimizerCase.Wide(c.MCotangent);
            c.Run(sut);
            double[][] pulled =
                [c.ThetaCotangent, OptimizerCase.Wide(c.GCotangent), OptimizerCase.Wide(c.WCotangent), OptimizerCase.Wide(c.MCotangent)];
            for (int which = 0; which < at.Length; which++)
            {
                if (at[which].Length == 0) continue;
                double[] differences = [.. Enumerable.Range(0, at[which].Length).Select(i => Difference(t, at, which, i, wBar, mBar))];
                Assert.InRange(VectorAssert.RelativeError(pulled[which], differences), 0, 2e-5);
            }

            Assert.All(c.Padded, v => VectorAssert.PaddingIsZero(Small, v));
        }
    }

    [Fact]
    public void VectorJacobianProduct_ThetaCotangent_IsAddedTo()
    {
        using var sut = Family.Create(Small, Settings);
        OptimizerCase one = new OptimizerCase(Family, Small).Run(sut), two = new(Family, Small);
        Array.Fill(two.ThetaCotangent, 1000);
        two.Run(sut);
        Assert.All(one.ThetaCotangent.Zip(two.ThetaCotangent), p => Assert.Equal(1000 + p.First, p.Second, 1e-9));
    }

    [Fact]
    public void VectorJacobianProduct_NoGradientYet_IsFinite()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small) { T = 0 };
        foreach (float[] vector in (float[][])[c.G, c.M, c.MNext]) Array.Clear(vector);
        c.Run(sut);
        Assert.All(c.Padded.SelectMany(v => v), x => Assert.True(float.IsFinite(x)));
        Assert.All(c.ThetaCotangent, x => Assert.True(double.IsFinite(x)));
    }

    [Fact]
    public void VectorJacobianProduct_GradientNaN_IsSeenInThetaAndKeepsThePaddingZero()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        c.G[3] = float.NaN;
        c.Run(sut);
        Assert.Contains(c.ThetaCotangent, x => !double.IsFinite(x));
        Assert.All(c.Padded, v => VectorAssert.PaddingIsZero(Small, v));
    }

    [Fact]
    public void UpdateAndPullback_AgainAndInAUsedScratch_GiveTheSameBits()
    {
        using var sut = Family.Create(Small, Settings);
        long[] first = [.. new OptimizerCase(Family, Small).Run(sut).Bits];
        var other = new OptimizerCase(Family, Small, seed: 2);
        Array.Fill(other.WCotangent, float.NaN);
        Array.Fill(other.Theta, float.NaN);
        foreach (var tensor in Small.Tensors) other.G.AsSpan(tensor.Offset, tensor.Length).Fill(float.PositiveInfinity);
        other.Run(sut);
        Assert.Equal(first, new OptimizerCase(Family, Small).Run(sut).Bits);
    }

    /// <summary>
    /// Intermediate values save a computation and change no bit; neither does an update out of place, nor θ's cotangent alone.
    /// </summary>
    [Fact]
    public void UpdateAndPullback_WithIntermediates_GiveTheSameBits()
    {
        foreach (var layout in new[] { Small, Large })
        {
            using var sut = Family.Create(layout, Settings);
            OptimizerCase one = new OptimizerCase(Family, layout).Run(sut), other = new OptimizerCase(Family, layout).RunKept(sut);
            Assert.Equal(one.Bits, other.Bits);
            Assert.Equal(one.ThetaCotangent, new OptimizerCase(Family, layout).RunTheta(sut, kept: true));
            Assert.Equal(one.ThetaCotangent, new OptimizerCase(Family, layout).RunTheta(sut, kept: false));
        }
    }

    [Fact]
    public void VectorJacobianProduct_VectorOfWrongLength_IsRefused()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        float[] many = new float[sut.IntermediatesLength + 1];
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.VectorJacobianProduct(c.Made(many), c.Cotangents));
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.AddThetaCotangent(c.Made(many), c.Cotangents));
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.VectorJacobianProduct(
            c.Made(), new UpdateCotangents { W = c.WCotangent, M = c.MCotangent, G = c.GCotangent.AsSpan(1), Theta = c.ThetaCotangent }));
    }

    private double Difference(long t, double[][] at, int which, int i, double[] wBar, double[] mBar)
    {
        // A padding element, always 0, has no parameter behind it, and its cotangents are zero.
        double delta = which == 0 ? 1e-6 : RelativeDelta * Math.Abs(at[which][i]);
        return delta == 0 ? 0 : (Value(delta) - Value(-delta)) / (2 * delta);

        double Value(double change)
        {
            double[][] x = [.. at.Select(v => v.ToArray())];
            x[which][i] += change;
            var (w, m) = Update(Small, x[0], t, x[1], x[2], x[3]);
            return VectorAssert.Dot(w, wBar) + VectorAssert.Dot(m, mBar);
        }
    }
}
