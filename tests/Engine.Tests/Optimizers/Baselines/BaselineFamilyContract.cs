using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

/// <summary>What holds for every family that no run trains: a rule in double defines it.</summary>
public abstract class BaselineFamilyContract : OptimizerFamilyContract
{
    private readonly DoubleBaselines.Rule _rule;

    private protected BaselineFamilyContract(IOptimizerFamily family, DoubleBaselines.Rule rule)
        : base(family) => _rule = rule;

    /// <summary>A net with hidden weights, tall, wide and square.</summary>
    protected static ParameterLayout Net { get; } = new(
        ("conv1_w", [3, 3, 1, 4]), ("conv1_b", [4]), ("conv2_w", [3, 3, 4, 6]), ("W3", [5, 19]), ("W4", [17, 17]), ("head_w", [6, 3]));

    /// <summary>The steps of the contract, from 7, are after the warm-up.</summary>
    protected override UpdateSettings Settings => new(InnerSteps: 100);

    protected override (double[] W, double[] M) Update(
        ParameterLayout layout, double[] theta, long t, double[] g, double[] w, double[] m) =>
        _rule(layout, Settings.InnerSteps, theta, t, g, w, m);

    [Fact]
    public void Family_IsFoundUnderItsNameAndIsNotTrained()
    {
        Assert.Same(Family.Theta, OptimizerFamilies.Find(Family.Name)!.Theta);
        Assert.Contains(Family, OptimizerFamilies.Baselines);
        Assert.DoesNotContain(OptimizerFamilies.Trainable, f => f.Name == Family.Name);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(30, 4)]
    [InlineData(96, 6)]
    public void Update_OfANet_EqualsDefinition(long t, int steps) =>
        CheckSteps(new OptimizerCase(Family, Net) { T = t }, steps, 10 * UpdateTolerance);

    [Fact]
    public void Update_NoGradientYet_IsWeightDecayAloneAndNoneIfThatIsZero()
    {
        using var sut = Family.Create(Small, Settings);
        var c = new OptimizerCase(Family, Small);
        Array.Clear(c.G);
        Array.Clear(c.MNext);
        sut.Update(Family.Theta.Point(("weightDecay", 0)), c.T, c.G, c.WNext, c.MNext);
        Assert.Equal(c.W, c.WNext);
        sut.Update(Family.Theta.Point(("weightDecay", 5)), c.T, c.G, c.WNext, c.MNext);
        Assert.All(c.W.Zip(c.WNext), p => Assert.True(p.First == 0 || p.Second / p.First is > 0.8f and < 1, $"{p}"));
    }

    [Fact]
    public void Update_InAUsedScratch_GivesTheSameBits()
    {
        using var sut = Family.Create(Net, Settings);
        OptimizerCase first = new(Family, Net), again = new(Family, Net), other = new(Family, Net, seed: 2);
        sut.Update(first.Theta, first.T, first.G, first.WNext, first.MNext);
        foreach (var tensor in Net.Tensors) other.G[tensor.Offset] = float.NaN;
        sut.Update(other.Theta, other.T, other.G, other.WNext, other.MNext);
        sut.EvaluationPoint(other.Theta, other.WNext, other.MNext);
        Assert.All(other.MNext.Chunk(Net.PaddedLength).Append(other.WNext), v => VectorAssert.PaddingIsZero(Net, v));
        sut.Update(again.Theta, again.T, again.G, again.WNext, again.MNext);
        Assert.Equal(first.Bits, again.Bits);
    }

    /// <summary>Values outside their range, as a search with a mistake may give, count as the nearest limit.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(-200)]
    public void Update_AnyElementOfThetaExtreme_KeepsThePaddingZero(float extreme)
    {
        using var sut = Family.Create(Net, Settings);
        for (int i = 0; i < Family.Theta.Length; i++)
        {
            var c = new OptimizerCase(Family, Net);
            c.Theta[i] = extreme;
            sut.Update(c.Theta, c.T, c.G, c.WNext, c.MNext);
            Assert.All(c.MNext.Chunk(Net.PaddedLength).Append(c.WNext), v => VectorAssert.PaddingIsZero(Net, v));
        }
    }

    [Fact]
    public void Update_AndEvaluationPoint_AllocateNothing()
    {
        using var sut = Family.Create(Net, Settings);
        var c = new OptimizerCase(Family, Net);
        Assert.Equal(0, Allocation.Of(() =>
        {
            sut.Update(c.Theta, c.T, c.G, c.WNext, c.MNext);
            sut.EvaluationPoint(c.Theta, c.WNext, c.MNext);
        }));
    }
}
