using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>Transforms of a convolution's maps to the domain where it is a product, and back, by tiles of 2×2 outputs.</summary>
/// <remarks>
/// Winograd's minimal algorithms (Lavin and Gray 2016). Along one axis: outputs y = Aᵀ [(G w) ⊙ (Bᵀ d)] of inputs d and taps w, where A, B
/// and G are the constant matrices of the algorithm and m is the product in brackets; over two axes the same twice. The transposes give the
/// gradients: that of w is Gᵀ Σ (Bᵀ d) ⊗ (A g) for output gradients g; that of the inputs is an algorithm of the same kind with mirrored
/// weights. Transformed maps are <see cref="TiledMap"/>s. The transforms only add, each element independently, so the bits do not depend on
/// the machine. Vectors have 256 bits on every machine: these loops wait for stores, and wider vectors spill.
/// </remarks>
internal abstract unsafe class TileTransforms(ConvolutionGeometry geometry)
{
    /// <summary>Number of floats in a vector.</summary>
    protected const int Lanes = 8;

    /// <summary>Numbers in G w along one axis, for either stride.</summary>
    protected const int WeightsPerAxis = 4;

    /// <summary>Number of tiles in an output map, and so in its gradient.</summary>
    public int Tiles { get; } = Square(HalfOf(geometry.OutputSize));

    /// <summary>Number of tiles in the input's gradient.</summary>
    public abstract int BackwardTiles { get; }

    /// <summary>Numbers per tile that <see cref="Inputs"/>, <see cref="Gradients"/> and <see cref="Sources"/> compute.</summary>
    public abstract (int Inputs, int Gradients, int Sources) Numbers { get; }

    /// <summary>
    /// For each product of the forward pass, the indices of its input number, of its weights, and of the output gradient's number that
    /// meets that input in the gradient of those weights.
    /// </summary>
    public abstract ImmutableArray<(int Input, int Weights, int Gradient)> Products { get; }

    /// <summary>For each product of the backward pass, the indices of its source number and of its weights.</summary>
    public abstract ImmutableArray<(int Source, int Weights)> BackwardProducts { get; }

    /// <summary>Index of the number of <see cref="Gradients"/> that is the sum over the tile's pixels.</summary>
    public abstract int GradientSum { get; }

    protected ConvolutionGeometry Geometry { get; } = geometry;

    public static TileTransforms Create(ConvolutionGeometry geometry) =>
        geometry.Stride == 1 ? new UnitStrideTiles(geometry) : new DoubleStrideTiles(geometry);

    /// <summary>Computes Bᵀ x B of every tile.</summary>
    /// <param name="x">Input map with its ring.</param>
    public abstract void Inputs(float* x, TiledMap to);

    /// <summary>Computes A g Aᵀ of every tile.</summary>
    /// <param name="g">Output gradient with its ring.</param>
    public abstract void Gradients(float* g, TiledMap to);

    /// <summary>Transforms g as the input of the backward pass.</summary>
    public abstract void Sources(float* g, TiledMap to);

    /// <summary>Computes G w Gᵀ by <see cref="WinogradWeights.Transform"/>.</summary>
    public abstract void TransformWeights(int depth, int columns, float* packed, float* transformed);

    /// <summary>Applies the transpose of <see cref="TransformWeights"/>, by <see cref="WinogradWeights.Pull"/>.</summary>
    public abstract void PullWeights(int depth, int columns, float* transformed, float* packed);

    /// <summary>Computes y = f(bias + Aᵀ m A) of every tile.</summary>
    /// <param name="bias">Bias [pixel stride]; null means 0.</param>
    /// <param name="relu">Whether f(x) = max(x, 0); NaN stays NaN.</param>
    /// <param name="mask">Map for f(x) = x where it is greater than 0, else 0; null: everywhere.</param>
    /// <param name="y">Output map; only pixels of the image are written.</param>
    public abstract void Outputs(TiledMap products, float* bias, bool relu, float* mask, float* y);

    /// <summary>Computes the input's gradient from the backward pass's products, where the mask is greater than 0.</summary>
    public abstract void InputGradients(TiledMap products, float* mask, float* xGradient);

    /// <summary>Indices of products over two axes, given the indices along one axis, which has <paramref name="count"/> numbers.</summary>
    protected static IEnumerable<int> Both(int count, params int[] axis) =>
        axis.SelectMany(row => axis.Select(column => (row * count) + column));

    /// <summary>Number of tiles of 2 along a side.</summary>
    protected static int HalfOf(int size) => (size + 1) / 2;

    protected static int Square(int side) => side * side;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Load(float* p) => Vector256.Load(p);

    /// <summary>
    /// Computes max(x, 0). The native maximum returns its second operand if one is NaN: a network that has overflowed must not appear
    /// valid.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Relu(V x) => Vector256.MaxNative(V.Zero, x);

    /// <param name="toMask">Distance in bytes from the map to the mask.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Finish(V y, float* to, bool masked, nint toMask)
    {
        if (masked) y &= Vector256.GreaterThan(Load((float*)((nint)to + toMask)), V.Zero);
        y.Store(to);
    }
}
