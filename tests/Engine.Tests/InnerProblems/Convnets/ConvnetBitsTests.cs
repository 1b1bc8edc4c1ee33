using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Convnets;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems.Convnets;

/// <summary>The same inputs give the same bits on any machine.</summary>
public sealed class ConvnetBitsTests
{
    /// <summary>
    /// A worker on any processor must send the same samples: these were made with AVX-512 and hold with narrower vectors.
    /// </summary>
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
    [InlineData(2, false, true)]
    [InlineData(1, false, false)]
    [InlineData(2, true, false)]
    public void Intermediates_AreLeftByPlainNetsOfSeveralLayers(int layers, bool norm, bool expected)
    {
        using IInnerProblem sut = new ConvnetProblem(new ConvnetShape(4, 1, 3, [.. Enumerable.Repeat(1, layers)], 3, norm), 2);
        Assert.Equal(expected, sut.IntermediatesLength(2) > 0);
    }
}
