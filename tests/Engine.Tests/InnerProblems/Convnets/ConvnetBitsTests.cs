using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.Minibatches;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.Convnets;

/// <summary>The same inputs give the same bits: whatever ran before, on any machine, and whether the gradient's maps were kept or not.</summary>
public sealed class ConvnetBitsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AllCalls_AfterOtherWork_GiveTheSameBits(bool norm)
    {
        var shape = new ConvnetShape(9, 3, 20, [2, 1, 2], 10, norm);
        using var sut = new ConvnetProblem(shape, 12);
        var c = new ConvnetCase(shape, 5);
        float[] first = VectorAssert.Garbage(sut.Layout.PaddedLength), again = new float[first.Length], product = new float[first.Length], other = new float[first.Length];
        double loss = sut.LossAndGradient(c.W, c.Batch, first);
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, product);

        foreach (float poison in (float[])[float.NaN, float.PositiveInfinity, 1e30f])
        {
            var larger = new ConvnetCase(shape, 12, seed: 4);
            foreach (var tensor in sut.Layout.Tensors) larger.W.AsSpan(tensor.Offset, tensor.Length).Fill(poison);
            sut.LossAndGradient(larger.W, larger.Batch, again);
            sut.AddHessianVectorProduct(larger.W, larger.V, larger.Batch, new float[first.Length]);
        }

        Assert.Equal(loss, sut.LossAndGradient(c.W, c.Batch, again));
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, other);
        Assert.Equal(first, again);
        Assert.Equal(product, other);

        using var fresh = new ConvnetProblem(shape, 5);
        Assert.Equal(loss, fresh.LossAndGradient(c.W, c.Batch, again));
        Assert.Equal(first, again);
    }

    /// <summary>A worker on any processor must send the same samples: these were made with AVX-512 and hold with narrower vectors.</summary>
    [Theory]
    [InlineData(32, 3, 32, false, "41C5DF538AE65F47")]
    [InlineData(28, 1, 20, false, "5645CE39E48B644A")]
    [InlineData(9, 1, 20, false, "BBB780A5858964D8")]
    [InlineData(9, 3, 16, true, "A40F318979A019D6")]
    [InlineData(32, 3, 48, true, "A0E3247350B68AEB")]
    public void GradientAndProduct_OnAnyMachine_HaveTheseBits(int size, int colours, int channels, bool norm, string digest)
    {
        var shape = new ConvnetShape(size, colours, channels, [2, 2, 1], 10, norm);
        using var sut = new ConvnetProblem(shape, 3);
        var c = new ConvnetCase(shape, 3);
        float[] gradient = new float[sut.Layout.PaddedLength], product = new float[gradient.Length];
        double loss = sut.LossAndGradient(c.W, c.Batch, gradient);
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, product);

        byte[] bits = [.. BitConverter.GetBytes(loss), .. MemoryMarshal.AsBytes<float>(gradient), .. MemoryMarshal.AsBytes<float>(product)];
        Assert.Equal(digest, Convert.ToHexString(SHA256.HashData(bits))[..16]);
    }

    [Theory]
    [MemberData(nameof(ConvnetProblemTests.Shapes), MemberType = typeof(ConvnetProblemTests))]
    public void AddHessianVectorProduct_WithIntermediates_HasTheSameBits(
        int size, int colours, int channels, int[] strides, int classes, int images, bool norm)
    {
        var c = new ConvnetCase(new ConvnetShape(size, colours, channels, [.. strides], classes, norm), images);
        using IInnerProblem sut = new ConvnetProblem(c.Shape, images);
        using IInnerProblem other = new ConvnetProblem(c.Shape, images);
        int length = sut.Layout.PaddedLength;
        float[] gradient = new float[length], again = VectorAssert.Garbage(length), product = new float[length], fromKept = new float[length];
        float[] intermediates = VectorAssert.Garbage(sut.IntermediatesLength(images));
        double loss = sut.LossAndGradient(c.W, c.Batch, gradient);
        sut.AddHessianVectorProduct(c.W, c.V, c.Batch, product);

        Assert.Equal(loss, sut.LossAndGradient(c.W, c.Batch, again, intermediates));
        Assert.Equal(gradient, again);
        Assert.All(intermediates, x => Assert.False(float.IsNaN(x)));

        // By another instance, whose maps hold nothing of this.
        other.AddHessianVectorProduct(c.W, c.V, c.Batch, intermediates, fromKept);
        Assert.Equal(product, fromKept);
        Assert.Equal(norm || strides.Length == 1, intermediates.Length == 0);
    }

    [Fact]
    public void Intermediates_TooFew_AreRefused()
    {
        using IInnerProblem sut = new ConvnetProblem(new ConvnetShape(4, 1, 3, [1, 1], 3), 2);
        float[] w = new float[sut.Layout.PaddedLength], x = new float[32], few = new float[sut.IntermediatesLength(2) - 1];
        Assert.Throws<ArgumentException>(() => sut.LossAndGradient(w, new Minibatch(x, [0, 1]), new float[w.Length], few));
        Assert.Throws<ArgumentException>(() => sut.AddHessianVectorProduct(w, w, new Minibatch(x, [0, 1]), few, new float[w.Length]));
    }
}
