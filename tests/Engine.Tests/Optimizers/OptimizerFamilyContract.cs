using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers;

/// <summary>
/// What holds for every family of inner-optimizers. The tests of a family inherit it and give the definition of the update in double.
/// </summary>
public abstract class OptimizerFamilyContract(IOptimizerFamily family)
{
    public static TheoryData<int> Lengths => [.. Enumerable.Range(1, 40), 300];

    protected static ParameterLayout Small { get; } = new(("a", [21]), ("b", [2]));

    protected IOptimizerFamily Family { get; } = family;

    protected virtual UpdateSettings Settings => new(InnerSteps: 1000);

    /// <summary>Relative error of w after an update, by float rounding.</summary>
    protected virtual double UpdateTolerance => 1e-6;

    /// <summary>w and m after an update, in double and in the padded form, written from the definition.</summary>
    protected abstract (double[] W, double[] M) Update(ParameterLayout layout, double[] theta, long t, double[] g, double[] w, double[] m);

    [Fact]
    public void Layout_Tensors_CoverThetaInOrderUnderDifferentNames()
    {
        int offset = 0;
        foreach (var tensor in Family.Theta.Tensors)
        {
            Assert.Equal((offset, tensor.Shape.Aggregate(1, (a, b) => a * b)), (tensor.Offset, tensor.Length));
            offset += tensor.Length;
        }

        Assert.Equal(offset, Family.Theta.Length);
        Assert.Distinct(Family.Theta.Tensors.Select(t => t.Name));
        Assert.Distinct(Family.State.Select(s => s.Name));
    }

    [Fact]
    public void Create_AnyLayout_HasTheLengthsOfTheFamily()
    {
        using var sut = Family.Create(Small, Settings);
        Assert.Equal((Family.Theta.Length, Family.State.Length), (sut.ThetaLength, sut.StateVectors));
    }

    [Fact]
    public void InitializeTheta_AnySeed_IsFiniteAndTheSameAgain()
    {
        float[] first = Initial(5), again = Initial(5);
        Assert.All(first, x => Assert.True(float.IsFinite(x)));
        Assert.Equal(first, again);

        float[] Initial(long seed)
        {
            float[] theta = VectorAssert.Garbage(Family.Theta.Length);
            var random = new RandomStream(seed, RandomPurpose.ThetaInitialization);
            Family.InitializeTheta(ref random, theta);
            return theta;
        }
    }

    /// <summary>A family has no hyper-parameters, or one for each element of θ.</summary>
    [Fact]
    public void HyperParameters_AnyTheta_ComesBackFromItsValues()
    {
        var parameters = Family.Theta.HyperParameters;
        if (parameters.Length == 0) return;
        Assert.Equal(Family.Theta.Length, parameters.Length);
        Assert.Distinct(parameters.Select(p => p.Name));
        Assert.All(
            parameters.Zip(Family.Theta.Values(Family.Theta.Point())),
            p => Assert.Equal(p.First.Initial, p.Second, 1e-6 * p.First.Initial));
        var random = new RandomStream(1, RandomPurpose.ThetaInitialization);
        for (int i = 0; i < 100; i++)
        {
            float[] theta = [.. Family.Theta.Point()];
            foreach (ref float x in theta.AsSpan()) x += (float)random.NextNormal();
            double[] values = Family.Theta.Values(theta);
            float[] back = Family.Theta.Point([.. parameters.Zip(values, (p, value) => (p.Name, value))]);
            Assert.All(theta.Zip(back), p => Assert.Equal(p.First, p.Second, 1e-6 * (1 + Math.Abs(p.First))));
        }

        Assert.Throws<ArgumentException>(() => Family.Theta.Point(("noSuchName", 1)));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Update_AnyLength_EqualsDefinition(int length)
    {
        var layout = new ParameterLayout(("a", [length]), ("b", [3]));
        CheckSteps(new OptimizerCase(Family, layout, length), steps: 1, UpdateTolerance);
    }

    [Fact]
    public void Update_SeveralSteps_EqualDefinition() => CheckSteps(new OptimizerCase(Family, Small), steps: 8, 10 * UpdateTolerance);

    [Fact]
    public void Update_NoGradientYet_EqualsDefinition()
    {
        var c = new OptimizerCase(Family, Small) { T = 0 };
        foreach (float[] vector in (float[][])[c.G, c.M, c.MNext]) Array.Clear(vector);
        CheckSteps(c, steps: 1, UpdateTolerance);
    }

    [Fact]
    public void Update_GradientNaN_IsSeenInItsParameterAndStaysInItsTensor()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        c.G[3] = float.NaN;
        sut.Update(c.Theta, c.T, c.G, c.WNext, c.MNext);
        Assert.True(float.IsNaN(c.WNext[3]));
        var other = Small.Tensors[1];
        Assert.All(c.WNext[other.Offset..(other.Offset + other.Length)], x => Assert.True(float.IsFinite(x)));
        Assert.All(c.MNext.Chunk(Small.PaddedLength).Append(c.WNext), v => VectorAssert.PaddingIsZero(Small, v));
    }

    [Fact]
    public void Update_VectorOfWrongLength_IsRefused()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.Update(c.Theta.AsSpan(1), 0, c.G, c.WNext, c.MNext));
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.Update(c.Theta, 0, c.G.AsSpan(1), c.WNext, c.MNext));
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.Update(c.Theta, 0, c.G, c.WNext.AsSpan(1), c.MNext));
        Assert.Throws<ArgumentOutOfRangeException>(() => sut.Update(c.Theta, 0, c.G, c.WNext, [.. c.MNext, 0]));
    }

    private protected void CheckSteps(OptimizerCase c, int steps, double tolerance)
    {
        using var sut = Family.Create(c.Layout, Settings);
        double[] theta = OptimizerCase.Wide(c.Theta), g = OptimizerCase.Wide(c.G), w = OptimizerCase.Wide(c.W), m = OptimizerCase.Wide(c.M);
        for (long t = c.T; t < c.T + steps; t++)
        {
            sut.Update(c.Theta, t, c.G, c.WNext, c.MNext);
            (w, m) = Update(c.Layout, theta, t, g, w, m);
        }

        Assert.InRange(VectorAssert.RelativeError(OptimizerCase.Wide(c.WNext), w), 0, tolerance);
        double[] difference = [.. c.MNext.Zip(m, (actual, expected) => actual - expected)];
        Assert.InRange(VectorAssert.Norm(difference), 0, (steps == 1 ? 1e-6 : 1e-5) * VectorAssert.Norm(m));
        Assert.All(c.MNext.Chunk(c.Layout.PaddedLength).Append(c.WNext), v => VectorAssert.PaddingIsZero(c.Layout, v));
    }
}
