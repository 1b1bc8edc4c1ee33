using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>Tile transforms for stride 2: 25 products instead of the definition's 36.</summary>
/// <remarks>
/// <see cref="TileTransforms"/> defines the symbols. Along one axis, taps 0 and 2 meet every other input, as in a convolution of two taps
/// with stride 1, for which Winograd's F(2, 2) takes three products instead of four; tap 1 meets the inputs between them, with two
/// products:
/// <code>
/// Bᵀd = (d0 − d2, d2, d4 − d2, d1, d3)    G w = (w0, w0 + w2, w2, w1), the last one twice
/// Aᵀm = (m0 + m1 + m3, m1 + m2 + m4)      A g = (g0, g0 + g1, g1), the first and the last one twice
/// </code>
/// Backward, the gradients x̄ of four inputs from three output gradients h = (g before, g0, g1), with mirrored weights:
/// <code>
/// (h0 − h1, h1, h2 − h1, h2), the second one twice    x̄ = (m0 + m1, m3, m1 + m2, m4)
/// </code>
/// </remarks>
internal sealed unsafe class DoubleStrideTiles : TileTransforms
{
    private const int InputsPerAxis = 5;
    private const int GradientsPerAxis = 3;
    private const int SourcesPerAxis = 4;

    public DoubleStrideTiles(ConvolutionGeometry geometry)
        : base(geometry)
    {
        int[] weights = [.. Both(WeightsPerAxis, 0, 1, 2, 3, 3)];
        Products = [.. Both(InputsPerAxis, 0, 1, 2, 3, 4).Zip(weights, Both(GradientsPerAxis, 0, 1, 2, 0, 2))];
        BackwardProducts = [.. Both(SourcesPerAxis, 0, 1, 2, 1, 3).Zip(weights)];
    }

    public override int BackwardTiles => Square(BackwardSide);

    public override (int Inputs, int Gradients, int Sources) Numbers =>
        (Square(InputsPerAxis), Square(GradientsPerAxis), Square(SourcesPerAxis));

    public override ImmutableArray<(int Input, int Weights, int Gradient)> Products { get; }

    public override ImmutableArray<(int Source, int Weights)> BackwardProducts { get; }

    public override int GradientSum => GradientsPerAxis + 1;

    /// <summary>
    /// Number of tiles of four input positions along a side; the first position is the first that a tap meets, possibly in the ring.
    /// </summary>
    private int BackwardSide => (Geometry.InputSize + Geometry.Before + 3) / 4;

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public override void Inputs(float* x, TiledMap to)
    {
        int side = HalfOf(Geometry.OutputSize), last = Geometry.InputSize + 1;
        nint stride = Geometry.InputPixelStride, row = Geometry.InputRowStride, step = to.Step;
        float* v = to.First;
        for (int i = 0; i < side; i++)
        {
            // In a map with a ring, the first tap of output o meets line 2o + 1 − before; beyond the last tile's ring, the ring is read
            // again.
            int line = (4 * i) + 1 - Geometry.Before;
            float* p0 = x + (line * row), p1 = p0 + row, p2 = p1 + row;
            float* p3 = x + (Math.Min(line + 3, last) * row), p4 = x + (Math.Min(line + 4, last) * row);
            for (int j = 0; j < side; j++, v += stride)
            {
                int column = (4 * j) + 1 - Geometry.Before;
                nint c0 = column * stride, c3 = Math.Min(column + 3, last) * stride, c4 = Math.Min(column + 4, last) * stride;
                for (nint c = 0; c < stride; c += Lanes)
                {
                    nint x0 = c0 + c, x1 = x0 + stride, x2 = x1 + stride, x3 = c3 + c, x4 = c4 + c;
                    V a = Load(p2 + x0), b = Load(p2 + x1), d = Load(p2 + x2), e = Load(p2 + x3), f = Load(p2 + x4);
                    float* q = v + c;
                    Row(Load(p0 + x0) - a, Load(p0 + x1) - b, Load(p0 + x2) - d, Load(p0 + x3) - e, Load(p0 + x4) - f, q, step);
                    Row(a, b, d, e, f, q + (5 * step), step);
                    Row(
                        Load(p4 + x0) - a, Load(p4 + x1) - b, Load(p4 + x2) - d, Load(p4 + x3) - e, Load(p4 + x4) - f,
                        q + (10 * step), step);
                    Row(Load(p1 + x0), Load(p1 + x1), Load(p1 + x2), Load(p1 + x3), Load(p1 + x4), q + (15 * step), step);
                    Row(Load(p3 + x0), Load(p3 + x1), Load(p3 + x2), Load(p3 + x3), Load(p3 + x4), q + (20 * step), step);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public override void Gradients(float* g, TiledMap to)
    {
        int side = HalfOf(Geometry.OutputSize);
        nint stride = Geometry.OutputPixelStride, row = Geometry.OutputRowStride, step = to.Step;
        float* v = to.First;
        for (int i = 0; i < side; i++)
        {
            float* upper = g + (((2 * i) + 1) * row) + stride;
            for (int j = 0; j < side; j++, upper += 2 * stride, v += stride)
            {
                float* lower = upper + row;
                for (nint c = 0; c < stride; c += Lanes)
                {
                    V a = Load(upper + c), b = Load(upper + stride + c), d = Load(lower + c), e = Load(lower + stride + c);
                    float* q = v + c;
                    SpreadRow(a, b, q, step);
                    SpreadRow(a + d, b + e, q + (3 * step), step);
                    SpreadRow(d, e, q + (6 * step), step);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public override void Sources(float* g, TiledMap to)
    {
        int side = BackwardSide;
        nint stride = Geometry.OutputPixelStride, row = Geometry.OutputRowStride, step = to.Step;
        float* v = to.First;
        for (int i = 0; i < side; i++)
        {
            float* p0 = g + (2 * i * row), p1 = p0 + row, p2 = p1 + row;
            for (int j = 0; j < side; j++, p0 += 2 * stride, p1 += 2 * stride, p2 += 2 * stride, v += stride)
            {
                for (nint c = 0; c < stride; c += Lanes)
                {
                    nint c1 = c + stride, c2 = c1 + stride;
                    V a = Load(p1 + c), b = Load(p1 + c1), d = Load(p1 + c2);
                    V e = Load(p2 + c), f = Load(p2 + c1), h = Load(p2 + c2);
                    float* q = v + c;
                    SourceRow(Load(p0 + c) - a, Load(p0 + c1) - b, Load(p0 + c2) - d, q, step);
                    SourceRow(a, b, d, q + (4 * step), step);
                    SourceRow(e - a, f - b, h - d, q + (8 * step), step);
                    SourceRow(e, f, h, q + (12 * step), step);
                }
            }
        }
    }

    public override void TransformWeights(int depth, int columns, float* packed, float* transformed) =>
        WinogradWeights.Transform<Taps>(depth, columns, packed, transformed);

    public override void PullWeights(int depth, int columns, float* transformed, float* packed) =>
        WinogradWeights.Pull<Taps>(depth, columns, transformed, packed);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public override void Outputs(TiledMap products, float* bias, bool relu, float* mask, float* y)
    {
        int size = Geometry.OutputSize, side = HalfOf(size);
        bool masked = mask != null;
        nint stride = Geometry.OutputPixelStride, row = Geometry.OutputRowStride, step = products.Step, toMask = (nint)mask - (nint)y;
        float* from = products.First;
        for (int i = 0; i < side; i++)
        {
            for (int j = 0; j < side; j++, from += stride)
            {
                float* to = y + (((2 * i) + 1) * row) + (((2 * j) + 1) * stride);
                bool right = (2 * j) + 1 < size, below = (2 * i) + 1 < size;
                for (nint c = 0; c < stride; c += Lanes)
                {
                    V start = bias == null ? V.Zero : Load(bias + c);
                    float* q = from + c;
                    FoldColumn(q, step, out V s0, out V t0);
                    FoldColumn(q + step, step, out V s1, out V t1);
                    FoldColumn(q + (2 * step), step, out V s2, out V t2);
                    FoldColumn(q + (3 * step), step, out V s3, out V t3);
                    FoldColumn(q + (4 * step), step, out V s4, out V t4);
                    V y0 = start + (s0 + s1 + s3), y1 = start + (s1 + s2 + s4), y2 = start + (t0 + t1 + t3), y3 = start + (t1 + t2 + t4);
                    if (relu) (y0, y1, y2, y3) = (Relu(y0), Relu(y1), Relu(y2), Relu(y3));
                    Finish(y0, to + c, masked, toMask);
                    if (right) Finish(y1, to + stride + c, masked, toMask);
                    if (below) Finish(y2, to + row + c, masked, toMask);
                    if (right && below) Finish(y3, to + row + stride + c, masked, toMask);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public override void InputGradients(TiledMap products, float* mask, float* xGradient)
    {
        int size = Geometry.InputSize, side = BackwardSide, before = Geometry.Before;
        bool masked = mask != null;
        nint stride = Geometry.InputPixelStride, row = (size + 2) * stride, step = products.Step, toMask = (nint)mask - (nint)xGradient;
        float* from = products.First;
        for (int i = 0; i < side; i++)
        {
            for (int j = 0; j < side; j++, from += stride)
            {
                for (int k = 0; k < 4; k++)
                {
                    int line = (4 * i) + k - before, column = (4 * j) - before;
                    if ((uint)line >= (uint)size) continue;
                    float* to = xGradient + ((line + 1) * row) + ((column + 1) * stride);
                    bool first = column >= 0, second = column + 1 < size, third = column + 2 < size, fourth = column + 3 < size;

                    // The transform x̄ = (m0 + m1, m3, m1 + m2, m4) is applied along the lines, then along the columns.
                    float* m = from + (k switch { 0 => 0, 1 => 15, 2 => 5, _ => 20 } * step);
                    bool two = (k & 1) == 0;
                    for (nint c = 0; c < stride; c += Lanes)
                    {
                        float* q = m + c;
                        V s0 = Load(q), s1 = Load(q + step), s2 = Load(q + (2 * step));
                        V s3 = Load(q + (3 * step)), s4 = Load(q + (4 * step));
                        if (two)
                        {
                            q += 5 * step;
                            s0 += Load(q);
                            s1 += Load(q + step);
                            s2 += Load(q + (2 * step));
                            s3 += Load(q + (3 * step));
                            s4 += Load(q + (4 * step));
                        }

                        if (first) Finish(s0 + s1, to + c, masked, toMask);
                        if (second) Finish(s3, to + stride + c, masked, toMask);
                        if (third) Finish(s1 + s2, to + (2 * stride) + c, masked, toMask);
                        if (fourth) Finish(s4, to + (3 * stride) + c, masked, toMask);
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(V d0, V d1, V d2, V d3, V d4, float* v, nint step)
    {
        (d0 - d2).Store(v);
        d2.Store(v + step);
        (d4 - d2).Store(v + (2 * step));
        d1.Store(v + (3 * step));
        d3.Store(v + (4 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadRow(V a, V b, float* to, nint step)
    {
        a.Store(to);
        (a + b).Store(to + step);
        b.Store(to + (2 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SourceRow(V h0, V h1, V h2, float* to, nint step)
    {
        (h0 - h1).Store(to);
        h1.Store(to + step);
        (h2 - h1).Store(to + (2 * step));
        h2.Store(to + (3 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldColumn(float* m, nint step, out V s, out V t)
    {
        V m1 = Load(m + (5 * step));
        s = Load(m) + m1 + Load(m + (15 * step));
        t = m1 + Load(m + (10 * step)) + Load(m + (20 * step));
    }

    private readonly struct Taps : ITapTransform
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Spread(V w0, V w1, V w2, out V u0, out V u1, out V u2, out V u3)
        {
            u0 = w0;
            u1 = w0 + w2;
            u2 = w2;
            u3 = w1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Gather(V n0, V n1, V n2, V n3, out V w0, out V w1, out V w2)
        {
            w0 = n0 + n1;
            w1 = n3;
            w2 = n1 + n2;
        }
    }
}
