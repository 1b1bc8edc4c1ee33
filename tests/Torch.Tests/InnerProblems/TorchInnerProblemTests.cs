using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using LoptCluster.TestKit.InnerProblems;
using LoptCluster.Torch.InnerProblems;
using LoptCluster.Torch.Tests.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.Tests.InnerProblems;

public sealed class TorchInnerProblemTests : InnerProblemContract<TorchCases>
{
    private const int Classes = 5;
    private const int Size = 12;

    /// <summary>Two float32 computations in different orders.</summary>
    private const double Tolerance = 1e-4;

    private static readonly ImageShape Grey = new(6, 1);
    private static readonly ImageShape Colour = new(8, 3);

    [LibtorchFact]
    public void Net_AsTheEngines_SameLossGradientAndHessianVectorProduct()
    {
        using var engine = new FullyConnectedProblem(Grey.Length, [8], Classes, Size);
        using var sut = CreateSut(TestModules.Net, Grey);
        Assert.Equal(engine.Layout.Fingerprint, sut.Layout.Fingerprint);
        Assert.True(sut.Layout.OutputsFirst);
        AssertSame(engine, sut, new Batches(Grey, Size, Classes));
    }

    [LibtorchFact]
    public void Convnet_AsTheEngines_SameLossGradientAndHessianVectorProduct()
    {
        using var engine = new ConvnetProblem(new ConvnetShape(Colour.Size, Colour.Channels, 16, [2, 2, 1], Classes), Size);
        using var sut = CreateSut(TestModules.Convnet, Colour);
        Assert.Equal(engine.Layout.Fingerprint, sut.Layout.Fingerprint);
        AssertSame(engine, sut, new Batches(Colour, Size, Classes));
    }

    [LibtorchFact]
    public void LossAndGradient_ModuleThatThrows_SaysWhatAndWhereInALine()
    {
        using var sut = CreateSut(TestModules.Misfit, Grey);
        var batches = new Batches(Grey, Size, Classes);
        float[] w = new float[sut.Layout.PaddedLength];

        var error = Assert.Throws<UserErrorException>(() => sut.LossAndGradient(w, batches.All, new float[w.Length]));

        Assert.Contains(
            "The torch module 'misfit' failed in its forward pass on images [12, 1, 6, 6], at MisfitNet.forward, MisfitNet.cs line 18: ",
            error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("\n", error.Message, StringComparison.Ordinal);
    }

    [LibtorchFact]
    public void Constructor_ModuleThatThrows_SaysWhatAndWhere()
    {
        var module = new TorchModule("throwing", _ => throw new FormatException("no such layer"));
        var error = Assert.Throws<UserErrorException>(() => CreateSut(module, Grey));
        Assert.Contains("The torch module 'throwing' failed in its construction, at ", error.Message, StringComparison.Ordinal);
        Assert.Contains("TorchInnerProblemTests.cs line ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": no such layer (FormatException)", error.Message, StringComparison.Ordinal);
    }

    [LibtorchFact]
    public void Loss_LossThatThrows_NamesBothShapes()
    {
        using var sut = CreateSut(TestModules.Smooth with { Loss = (output, labels) => output - labels.unsqueeze(0) }, Grey);
        var batches = new Batches(Grey, Size, Classes);
        var error = Assert.Throws<UserErrorException>(() => sut.Loss(new float[sut.Layout.PaddedLength], batches.All));
        Assert.Contains("failed in its loss, of an output [12, 5] and labels [12], at ", error.Message, StringComparison.Ordinal);
    }

    [LibtorchFact]
    public void Initialize_IsTheModulesOwnAndDecidedByTheStream()
    {
        using var sut = CreateSut(TestModules.Smooth, Grey);
        float[] a = Start(1), same = Start(1), other = Start(2);

        Assert.Equal(a, same);
        Assert.NotEqual(a, other);
        // torch's linear layers: uniform within 1/√inputs.
        float bound = 1 / MathF.Sqrt(Grey.Length);
        var weights = a.AsSpan(sut.Layout.Tensors[0].Offset, sut.Layout.Tensors[0].Length);
        Assert.InRange(MemoryExtensionsMax(weights), 0.8f * bound, bound);

        float[] Start(long id)
        {
            var random = new RandomStream(7, RandomPurpose.InnerInitialization, id);
            float[] w = new float[sut.Layout.PaddedLength];
            sut.Initialize(ref random, w);
            return w;
        }
    }

    [LibtorchFact]
    public void UnusedFrozenAndSharedParameters_AreZeroNotThereAndOnce()
    {
        using var sut = CreateSut(TestModules.Odd, Grey);
        Assert.Equal(["shared", "unused"], sut.Layout.Tensors.Select(t => t.Name));
        var batches = new Batches(Grey, Size, Classes);
        float[] w = Batches.Vector(sut.Layout, 3, 0.3), g = Batches.Vector(sut.Layout, 8), hv = new float[w.Length];
        sut.LossAndGradient(w, batches.All, g);
        sut.AddHessianVectorProduct(w, Batches.Vector(sut.Layout, 5), batches.All, hv);

        var unused = sut.Layout.Tensors[1];
        Assert.All(g[unused.Offset..], x => Assert.Equal(0, x));
        Assert.All(hv[unused.Offset..], x => Assert.Equal(0, x));
        Assert.Contains(g[..unused.Offset], x => x != 0);
    }

    [LibtorchFact]
    public void LinearLoss_HasNoCurvature()
    {
        using var sut = CreateSut(
            new TorchModule("linear", task => Sequential(Flatten(), Linear(task.Images.Length, 1)), (output, _) => output.mean()), Grey);
        float[] w = Batches.Vector(sut.Layout, 1), hv = new float[w.Length];
        sut.AddHessianVectorProduct(w, Batches.Vector(sut.Layout, 2), new Batches(Grey, Size, Classes).All, hv);
        Assert.All(hv, x => Assert.Equal(0, x));
    }

    [LibtorchFact]
    public void Modules_ThatCannotBeTrained_AreRefusedByName()
    {
        var doubled = Assert.Throws<UserErrorException>(
            () => CreateSut(new TorchModule("doubles", task => Linear(task.Images.Length, 2, dtype: ScalarType.Float64)), Grey));
        Assert.Contains("weight", doubled.Message, StringComparison.Ordinal);
        Assert.Contains("Float64", doubled.Message, StringComparison.Ordinal);
        var empty = Assert.Throws<UserErrorException>(() => CreateSut(new TorchModule("empty", _ => Flatten()), Grey));
        Assert.Contains("'empty'", empty.Message, StringComparison.Ordinal);
        using var unreduced = CreateSut(
            new TorchModule("rows", task => Sequential(Flatten(), Linear(task.Images.Length, 2)), (output, _) => output), Grey);
        var shape = Assert.Throws<UserErrorException>(
            () => unreduced.Loss(new float[unreduced.Layout.PaddedLength], new Batches(Grey, Size, Classes).All));
        Assert.Contains($"[{Size}, 2]", shape.Message, StringComparison.Ordinal);
    }

    private static TorchInnerProblem CreateSut(TorchModule module, ImageShape shape) => new(module, new TorchTask(shape, Classes), Size);

    private static float MemoryExtensionsMax(ReadOnlySpan<float> values)
    {
        float max = float.MinValue;
        foreach (float value in values) max = Math.Max(max, value);
        return max;
    }

    private static void AssertSame(IInnerProblem engine, IInnerProblem sut, Batches batches)
    {
        float[] w = Batches.Vector(engine.Layout, 1, 0.3), v = Batches.Vector(engine.Layout, 2);
        float[] expected = new float[w.Length], actual = new float[w.Length];
        foreach (int count in (ReadOnlySpan<int>)[Size, 3])
        {
            var batch = batches.First(count);
            Assert.Equal(engine.LossAndGradient(w, batch, expected), sut.LossAndGradient(w, batch, actual), Tolerance);
            Assert.InRange(Batches.Distance(actual, expected), 0, Tolerance);
            Assert.Equal(engine.Loss(w, batch), sut.Loss(w, batch), Tolerance);

            float[] expectedProduct = Batches.Vector(engine.Layout, 3), actualProduct = [.. expectedProduct];
            engine.AddHessianVectorProduct(w, v, batch, expectedProduct);
            sut.AddHessianVectorProduct(w, v, batch, actualProduct);
            Assert.InRange(Batches.Distance(actualProduct, expectedProduct), 0, Tolerance);
        }
    }
}
