using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>Tile transforms for stride 1, Winograd's F(2×2, 3×3): 16 products instead of the definition's 36.</summary>
/// <remarks>
/// Along one axis, with one sign changed to avoid negations (<see cref="TileTransforms"/> defines the symbols):
/// <code>
/// Bᵀd = (d0 − d2, d1 + d2, d2 − d1, d3 − d1)    G w = (w0, (w0 + w1 + w2) / 2, (w0 − w1 + w2) / 2, w2)
/// Aᵀm = (m0 + m1 + m2, m1 − m2 + m3)            A g = (g0, g0 + g1, g0 − g1, g1)
/// </code>
/// The backward pass is the forward pass with mirrored weights.
/// </remarks>
internal sealed unsafe class UnitStrideTiles : TileTransforms
{
    private const int PerAxis = 4;

    public UnitStrideTiles(ConvolutionGeometry geometry)
        : base(geometry)
    {
        int[] numbers = [.. Both(PerAxis, 0, 1, 2, 3)];
        Products = [.. numbers.Zip(numbers, numbers)];
        BackwardProducts = [.. numbers.Zip(numbers)];
    }

    public override int BackwardTiles => Tiles;

    public override (int Inputs, int Gradients, int Sources) Numbers => (Square(PerAxis), Square(PerAxis), Square(PerAxis));

    public override ImmutableArray<(int Input, int Weights, int Gradient)> Products { get; }

    public override ImmutableArray<(int Source, int Weights)> BackwardProducts { get; }

    public override int GradientSum => PerAxis + 1;

    public override void Inputs(float* x, TiledMap to) => Transform(Geometry.InputSize, Geometry.InputPixelStride, x, to.First, to.Step);

    public override void Gradients(float* g, TiledMap to) => Spread(Geometry.OutputSize, Geometry.OutputPixelStride, g, to.First, to.Step);

    public override void Sources(float* g, TiledMap to) => Transform(Geometry.OutputSize, Geometry.OutputPixelStride, g, to.First, to.Step);

    public override void Outputs(TiledMap products, float* bias, bool relu, float* mask, float* y) =>
        Fold(Geometry.OutputSize, Geometry.OutputPixelStride, products.First, products.Step, bias, relu, mask, y);

    public override void InputGradients(TiledMap products, float* mask, float* xGradient) =>
        Fold(Geometry.InputSize, Geometry.InputPixelStride, products.First, products.Step, null, relu: false, mask, xGradient);

    public override void TransformWeights(int depth, int columns, float* packed, float* transformed) =>
        WinogradWeights.Transform<Taps>(depth, columns, packed, transformed);

    public override void PullWeights(int depth, int columns, float* transformed, float* packed) =>
        WinogradWeights.Pull<Taps>(depth, columns, transformed, packed);

    /// <summary>
    /// Computes Bᵀ x B. A tile's last two columns are its neighbour's first two; beyond the ring of an odd size, the ring is read again.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Transform(int size, nint stride, float* map, float* to, nint step)
    {
        int side = HalfOf(size);
        nint row = (size + 2) * stride, last = (size + 1) * stride;
        for (int i = 0; i < side; i++, to += side * stride)
        {
            float* p0 = map + (2 * i * row), p1 = p0 + row, p2 = p1 + row, p3 = 2 * i < size - 1 ? p2 + row : p2;
            for (nint c = 0; c < stride; c += Lanes)
            {
                nint x = c;
                Column(p0 + x, p1 + x, p2 + x, p3 + x, out V e00, out V e10, out V e20, out V e30);
                x += stride;
                Column(p0 + x, p1 + x, p2 + x, p3 + x, out V e01, out V e11, out V e21, out V e31);
                float* v = to + c;
                for (int j = 0; j < side; j++, v += stride)
                {
                    x += stride;
                    Column(p0 + x, p1 + x, p2 + x, p3 + x, out V e02, out V e12, out V e22, out V e32);
                    if (x < last) x += stride;
                    Column(p0 + x, p1 + x, p2 + x, p3 + x, out V e03, out V e13, out V e23, out V e33);
                    Row(e00, e01, e02, e03, v, step);
                    Row(e10, e11, e12, e13, v + (4 * step), step);
                    Row(e20, e21, e22, e23, v + (8 * step), step);
                    Row(e30, e31, e32, e33, v + (12 * step), step);
                    (e00, e10, e20, e30) = (e02, e12, e22, e32);
                    (e01, e11, e21, e31) = (e03, e13, e23, e33);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column(float* p0, float* p1, float* p2, float* p3, out V e0, out V e1, out V e2, out V e3)
    {
        V d0 = Load(p0), d1 = Load(p1), d2 = Load(p2), d3 = Load(p3);
        e0 = d0 - d2;
        e1 = d1 + d2;
        e2 = d2 - d1;
        e3 = d3 - d1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(V d0, V d1, V d2, V d3, float* v, nint step)
    {
        (d0 - d2).Store(v);
        (d1 + d2).Store(v + step);
        (d2 - d1).Store(v + (2 * step));
        (d3 - d1).Store(v + (3 * step));
    }

    /// <summary>Computes A g Aᵀ. Beyond the last pixel of an odd size is the ring, which is zero.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Spread(int size, nint stride, float* map, float* to, nint step)
    {
        int side = HalfOf(size);
        nint row = (size + 2) * stride;
        for (int i = 0; i < side; i++)
        {
            float* upper = map + (((2 * i) + 1) * row) + stride;
            for (int j = 0; j < side; j++, upper += 2 * stride, to += stride)
            {
                float* lower = upper + row;
                for (nint c = 0; c < stride; c += Lanes)
                {
                    V a = Load(upper + c), b = Load(upper + stride + c), d = Load(lower + c), e = Load(lower + stride + c);
                    float* q = to + c;
                    SpreadRow(a, b, q, step);
                    SpreadRow(a + d, b + e, q + (4 * step), step);
                    SpreadRow(a - d, b - e, q + (8 * step), step);
                    SpreadRow(d, e, q + (12 * step), step);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SpreadRow(V a, V b, float* to, nint step)
    {
        a.Store(to);
        (a + b).Store(to + step);
        (a - b).Store(to + (2 * step));
        b.Store(to + (3 * step));
    }

    /// <summary>Computes f(bias + Aᵀ m A) of every tile.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Fold(int size, nint stride, float* from, nint step, float* bias, bool relu, float* mask, float* map)
    {
        int side = HalfOf(size);
        bool masked = mask != null;
        nint row = (size + 2) * stride, toMask = (nint)mask - (nint)map;
        for (int i = 0; i < side; i++)
        {
            for (int j = 0; j < side; j++, from += stride)
            {
                float* y = map + (((2 * i) + 1) * row) + (((2 * j) + 1) * stride);
                bool right = (2 * j) + 1 < size, below = (2 * i) + 1 < size;
                for (nint c = 0; c < stride; c += Lanes)
                {
                    V start = bias == null ? V.Zero : Load(bias + c);
                    float* q = from + c;
                    FoldColumn(q, step, out V s0, out V t0);
                    FoldColumn(q + step, step, out V s1, out V t1);
                    FoldColumn(q + (2 * step), step, out V s2, out V t2);
                    FoldColumn(q + (3 * step), step, out V s3, out V t3);
                    V y0 = start + (s0 + s1 + s2), y1 = start + (s1 - s2 + s3), y2 = start + (t0 + t1 + t2), y3 = start + (t1 - t2 + t3);
                    if (relu) (y0, y1, y2, y3) = (Relu(y0), Relu(y1), Relu(y2), Relu(y3));
                    Finish(y0, y + c, masked, toMask);
                    if (right) Finish(y1, y + stride + c, masked, toMask);
                    if (below) Finish(y2, y + row + c, masked, toMask);
                    if (right && below) Finish(y3, y + row + stride + c, masked, toMask);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldColumn(float* m, nint step, out V s, out V t)
    {
        V m1 = Load(m + (4 * step)), m2 = Load(m + (8 * step));
        s = Load(m) + m1 + m2;
        t = m1 - m2 + Load(m + (12 * step));
    }

    private readonly struct Taps : ITapTransform
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Spread(V w0, V w1, V w2, out V u0, out V u1, out V u2, out V u3)
        {
            V half = Vector256.Create(0.5f), outer = w0 + w2;
            u0 = w0;
            u1 = (outer + w1) * half;
            u2 = (outer - w1) * half;
            u3 = w2;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Gather(V n0, V n1, V n2, V n3, out V w0, out V w1, out V w2)
        {
            V half = Vector256.Create(0.5f), middle = (n1 + n2) * half;
            w0 = n0 + middle;
            w1 = (n1 - n2) * half;
            w2 = middle + n3;
        }
    }
}
