using LoptCluster.Engine.Numerics.Elementwise;
using Xunit;

namespace LoptCluster.Engine.Tests.Numerics.Elementwise;

public sealed class VectorKernelsTests
{
    [Fact]
    public void Scale_EveryLength_IsTheProduct()
    {
        for (int length = 0; length <= 100; length++)
        {
            float[] x = [.. Enumerable.Range(0, length).Select(i => MathF.Cos(i))], y = new float[length];
            VectorKernels.Scale(0.3f, x, y);
            Assert.Equal(x.Select(value => 0.3f * value), y);
            VectorKernels.Scale(0.3f, x, x);
            Assert.Equal(y, x);
        }
    }

    [Fact]
    public void Scale_OtherLength_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => VectorKernels.Scale(1, new float[2], new float[3]));
}
