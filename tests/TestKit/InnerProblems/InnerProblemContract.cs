using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Randomness;
using Xunit;

namespace LoptCluster.TestKit.InnerProblems;

/// <summary>What every inner-problem owes its callers. The tests of a problem inherit it and name the cases.</summary>
public abstract class InnerProblemContract<TCases>
    where TCases : IInnerProblemCases
{
    /// <summary>More room than the minibatch needs, as the last minibatch of an epoch has.</summary>
    private const int SpareRoom = 7;

    public static TheoryData<string> Names => [.. TCases.All.Select(c => c.Name)];

    public static TheoryData<string, float> Overflows
    {
        get
        {
            var data = new TheoryData<string, float>();
            foreach (var c in TCases.All)
            {
                foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity]) data.Add(c.Name, value);
                if (c.OverflowsInFloat32) data.Add(c.Name, 3e38f);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LossAndGradient_AnyCase_AreTheDefinitions(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 1);
        float[] gradient = VectorAssert.Garbage(sut.Layout.PaddedLength);

        double loss = sut.LossAndGradient(data.W, data.Batch, gradient);

        Assert.Equal(loss, sut.Loss(data.W, data.Batch));
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
        if (c.Reference is not { } reference)
        {
            InnerProblemAssert.DerivativesAreThoseOfFiniteDifferences(sut, data);
            return;
        }

        double[] expected = new double[sut.Layout.Length];
        double expectedLoss = reference.LossAndGradient(data.Wide(data.W), data.X, data.Labels, expected);
        Assert.Equal(expectedLoss, loss, c.GradientTolerance * (Math.Abs(expectedLoss) + 0.1));
        InnerProblemAssert.Near(expected, data.Wide(gradient), c.GradientTolerance);
    }

    /// <summary>The label of an example's largest output is the one with the least loss.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void LossAndAccuracy_AnyCase_CountsTheExamplesWhoseOwnLabelCostsLeast(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 13);

        var (loss, accuracy) = sut.LossAndAccuracy(data.W, data.Batch);

        Assert.Equal(sut.Loss(data.W, data.Batch), loss);
        if (c.Examples == 0)
        {
            Assert.Equal(double.NaN, accuracy);
            return;
        }

        double right = accuracy * c.Examples;
        Assert.InRange(right, 0, c.Examples);
        Assert.Equal(Math.Round(right), right, 1e-9);
        if (!c.OutputsIgnoreLabels) return;
        Assert.Equal(Enumerable.Range(0, c.Examples).Count(CostsLeast), (int)Math.Round(right));

        bool CostsLeast(int example)
        {
            int[] labels = [.. data.Labels];
            double[] losses = new double[c.Classes];
            for (labels[example] = 0; labels[example] < c.Classes; labels[example]++)
                losses[labels[example]] = sut.Loss(data.W, new Minibatch(data.X, labels));
            return Array.IndexOf(losses, losses.Min()) == data.Labels[example];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LossAndAccuracy_ParametersAreNaN_NothingIsRight(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 14);
        data.FillParameters(float.NaN);
        Assert.Equal(c.Examples == 0 ? double.NaN : 0, sut.LossAndAccuracy(data.W, data.Batch).Accuracy);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AddHessianVectorProduct_AnyCase_AddsTheDerivativeOfTheGradient(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Math.Max(c.Examples, 1));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 2);
        float[] product = new float[sut.Layout.PaddedLength];

        sut.AddHessianVectorProduct(data.W, data.V, data.Batch, product);

        VectorAssert.PaddingIsZero(sut.Layout, product);
        if (c.Reference is not null)
        {
            double[] expected = c.Reference.HessianVector(data.Wide(data.W), data.Wide(data.V), data.X, data.Labels);
            InnerProblemAssert.Near(expected, data.Wide(product), c.ProductTolerance);
        }

        // From another start, the same on top.
        float[] twice = [.. product];
        sut.AddHessianVectorProduct(data.W, data.V, data.Batch, twice);
        InnerProblemAssert.Near([.. data.Wide(product).Select(h => 2 * h)], data.Wide(twice), InnerProblemCase.Float32);
        VectorAssert.PaddingIsZero(sut.Layout, twice);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AddHessianVectorProduct_AnyCase_IsSymmetricAndLinear(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        InnerProblemAssert.HessianIsSymmetricAndLinear(sut, new InnerProblemData(c, sut, c.Examples, seed: 3), c.SymmetryTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AddHessianVectorProduct_WithIntermediates_HasTheSameBits(string name)
    {
        var c = Case(name);
        using IInnerProblem sut = c.Create(Room(c)), other = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 4);
        int length = sut.Layout.PaddedLength;
        float[] gradient = new float[length], again = VectorAssert.Garbage(length), product = new float[length];
        float[] fromKept = new float[length], twiceFromKept = new float[length], kept = VectorAssert.Garbage(
            sut.IntermediatesLength(c.Examples));
        double loss = sut.LossAndGradient(data.W, data.Batch, gradient);
        sut.AddHessianVectorProduct(data.W, data.V, data.Batch, product);

        Assert.Equal(loss, sut.LossAndGradient(data.W, data.Batch, again, kept));
        Assert.Equal(gradient, again);
        Assert.DoesNotContain(kept, float.IsNaN);

        // By another instance, whose memory holds nothing of this, and once more.
        other.AddHessianVectorProduct(data.W, data.V, data.Batch, kept, fromKept);
        other.AddHessianVectorProduct(data.W, data.V, data.Batch, kept, twiceFromKept);
        Assert.Equal(product, fromKept);
        Assert.Equal(product, twiceFromKept);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Calls_AfterOtherWork_GiveTheSameBits(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 5);
        var first = Compute(sut, data);

        foreach (float poison in (float[])[float.NaN, float.PositiveInfinity, 1e30f])
        {
            var larger = new InnerProblemData(c, sut, c.Examples == 0 ? 0 : Room(c), seed: 6);
            larger.FillParameters(poison);
            Compute(sut, larger);
        }

        AssertSameBits(first, Compute(sut, data));
        using var fresh = c.Create(Math.Max(c.Examples, 1));
        AssertSameBits(first, Compute(fresh, data));
    }

    [Theory]
    [MemberData(nameof(Overflows))]
    public void Calls_ParametersOverflow_LossIsNotFiniteAndPaddingStaysZero(string name, float value)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 7);
        data.FillParameters(value);
        float[] gradient = VectorAssert.Garbage(data.W.Length), product = new float[data.W.Length];

        Assert.False(double.IsFinite(sut.Loss(data.W, data.Batch)));
        Assert.False(double.IsFinite(sut.LossAndGradient(data.W, data.Batch, gradient)));
        sut.AddHessianVectorProduct(data.W, data.V, data.Batch, product);
        VectorAssert.PaddingIsZero(sut.Layout, gradient);
        VectorAssert.PaddingIsZero(sut.Layout, product);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_OneParameterOfTheFirstTensorIsNaN_IsNotFinite(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 8);
        // In the middle: a convolution's corner has nothing to weigh where an image is one pixel.
        var first = sut.Layout.Tensors[0];
        data.W[first.Offset + (first.Length / 2)] = float.NaN;
        Assert.False(double.IsFinite(sut.Loss(data.W, data.Batch)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Initialize_SameKey_FillsTheLayoutWithTheSameBits(string name)
    {
        using var sut = Case(name).Create(1);
        float[] w = VectorAssert.Garbage(sut.Layout.PaddedLength), again = VectorAssert.Garbage(w.Length);
        var random = new RandomStream(1, RandomPurpose.InnerInitialization, 5);
        var same = random;

        sut.Initialize(ref random, w);
        sut.Initialize(ref same, again);

        Assert.Equal(w, again);
        Assert.All(w, x => Assert.True(float.IsFinite(x)));
        VectorAssert.PaddingIsZero(sut.Layout, w);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Calls_VectorsTooShort_AreRefused(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 9);
        float[] few = new float[sut.Layout.Length - 1];
        Assert.ThrowsAny<ArgumentException>(() => sut.Loss(few, data.Batch));
        Assert.ThrowsAny<ArgumentException>(() => sut.LossAndGradient(data.W, data.Batch, few));
        Assert.ThrowsAny<ArgumentException>(() => sut.AddHessianVectorProduct(data.W, few, data.Batch, new float[data.W.Length]));
        Assert.ThrowsAny<ArgumentException>(() => sut.AddHessianVectorProduct(data.W, data.V, data.Batch, few));

        int needed = sut.IntermediatesLength(c.Examples);
        if (needed == 0) return;
        few = new float[needed - 1];
        Assert.ThrowsAny<ArgumentException>(() => sut.LossAndGradient(data.W, data.Batch, new float[data.W.Length], few));
        Assert.ThrowsAny<ArgumentException>(() => sut.AddHessianVectorProduct(data.W, data.V, data.Batch, few, new float[data.W.Length]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_WrongMinibatches_AreRefused(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Math.Max(c.Examples, 1));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 10);
        if (c.Examples == 0)
        {
            Assert.Equal((0, 0), (sut.InputLength, sut.MaxMinibatch));
            return;
        }

        Assert.ThrowsAny<ArgumentException>(() => sut.Loss(data.W, new Minibatch(data.X, [.. data.Labels, 0])));
        Assert.ThrowsAny<ArgumentException>(() => sut.Loss(data.W, new Minibatch(data.X, [])));
        Assert.ThrowsAny<ArgumentException>(() => sut.Loss(data.W, new Minibatch(data.X.AsSpan(1), data.Labels)));
        if (c.ChecksLabels)
            Assert.ThrowsAny<ArgumentException>(() => sut.Loss(data.W, new Minibatch(data.X, [c.Classes, .. data.Labels[1..]])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Calls_OnceMore_AllocateNoMoreThanAllowed(string name)
    {
        var c = Case(name);
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 11);
        float[] gradient = new float[data.W.Length], product = new float[data.W.Length];

        // The first calls have code compiled.
        for (int i = 0; i < 3; i++) Call();
        Assert.InRange(Allocation.Of(Call), 0, c.MostAllocatedBytes);

        void Call()
        {
            sut.Loss(data.W, data.Batch);
            sut.LossAndGradient(data.W, data.Batch, gradient);
            sut.AddHessianVectorProduct(data.W, data.V, data.Batch, product);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_FewerExamples_IsAnother(string name)
    {
        var c = Case(name);
        if (c.Examples < 2 || c.Classes < 2) return;
        using var sut = c.Create(Room(c));
        var data = new InnerProblemData(c, sut, c.Examples, seed: 12);
        int fewer = c.Examples - 1;
        var batch = new Minibatch(data.X.AsSpan(0, fewer * sut.InputLength), data.Labels.AsSpan(0, fewer));
        Assert.NotEqual(sut.Loss(data.W, data.Batch), sut.Loss(data.W, batch));
    }

    private static InnerProblemCase Case(string name) => TCases.All.Single(c => c.Name == name);

    private static int Room(InnerProblemCase c) => c.Examples + SpareRoom;

    private static (double Loss, float[] Gradient, float[] Product) Compute(IInnerProblem sut, InnerProblemData data)
    {
        float[] gradient = VectorAssert.Garbage(data.W.Length), product = new float[data.W.Length];
        double loss = sut.LossAndGradient(data.W, data.Batch, gradient);
        sut.AddHessianVectorProduct(data.W, data.V, data.Batch, product);
        return (loss, gradient, product);
    }

    private static void AssertSameBits(
        (double Loss, float[] Gradient, float[] Product) expected, (double Loss, float[] Gradient, float[] Product) actual)
    {
        Assert.Equal(expected.Loss, actual.Loss);
        Assert.Equal(expected.Gradient, actual.Gradient);
        Assert.Equal(expected.Product, actual.Product);
    }
}
