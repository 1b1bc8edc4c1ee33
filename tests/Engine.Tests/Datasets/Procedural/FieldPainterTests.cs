using LoptCluster.Engine.Datasets.Procedural;
using Xunit;

namespace LoptCluster.Engine.Tests.Datasets.Procedural;

public sealed class FieldPainterTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    public void Add_AnyWarp_EqualsTheCosineAtTheWarpedPoint(int size)
    {
        var painter = new FieldPainter(size);
        Wave[] waves = [new(1.5f, -0.7f, 0.2f), new(-2, 0.3f, 0.9f)];
        var warp = new Warp(1.1f, 0.4f, 0.05f, -0.1f);
        float[] plane = new float[painter.PlaneLength];
        Array.Fill(plane, 0.25f);

        painter.Add(waves, 0.5f, warp, plane);

        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                double u = ((x + 0.5) / size) - 0.5, v = ((y + 0.5) / size) - 0.5;
                double seenU = (warp.A * u) - (warp.B * v) + warp.ShiftX, seenV = (warp.B * u) + (warp.A * v) + warp.ShiftY;
                double expected = 0.25 + waves.Sum(w => 0.5 * Math.Cos(2 * Math.PI * ((w.X * seenU) + (w.Y * seenV) + w.Phase)));
                Assert.Equal(expected, plane[(y * painter.Stride) + x], 1e-5);
            }
        }
    }
}
