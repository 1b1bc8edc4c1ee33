using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>How the maps of a convolution go to the domain where it is a product, and back, by tiles of 2×2 outputs.</summary>
/// <remarks>
/// Winograd's minimal algorithms (Lavin and Gray 2016). Along one axis: outputs y = Aᵀ [(G w) ⊙ (Bᵀ d)] of inputs d; over two axes the same twice. Its
/// transposes give the gradients: of w it is Gᵀ Σ (Bᵀ d) ⊗ (A g); that of the inputs is an algorithm of the same kind with the mirrored weights.
/// Transformed maps are <see cref="TiledMap"/>s. There are additions only, each element by itself, so the bits do not depend on the machine.
/// Vectors have 256 bits on every machine: these loops wait for stores, and wider ones spill.
/// </remarks>
internal abstract unsafe class TileTransforms(ConvolutionGeometry geometry)
{
    /// <summary>Floats of a vector.</summary>
    protected const int Lanes = 8;

    /// <summary>Numbers of G w along one axis, for either stride.</summary>
    protected const int WeightsPerAxis = 4;

    /// <summary>Tiles of an output map, and so of its gradient.</summary>
    public int Tiles { get; } = Square(HalfOf(geometry.OutputSize));

    /// <summary>Tiles of the input's gradient.</summary>
    public abstract int BackwardTiles { get; }

    /// <summary>Numbers that <see cref="Inputs"/>, <see cref="Gradients"/> and <see cref="Sources"/> make of a tile.</summary>
    public abstract (int Inputs, int Gradients, int Sources) Numbers { get; }

    /// <summary>
    /// Of each product of the forward pass, which number of the input and of the weights it takes; and which one of the output gradient meets that
    /// input in the gradient of those weights.
    /// </summary>
    public abstract ImmutableArray<(int Input, int Weights, int Gradient)> Products { get; }

    /// <summary>The same of the backward pass.</summary>
    public abstract ImmutableArray<(int Source, int Weights)> BackwardProducts { get; }

    /// <summary>The number of <see cref="Gradients"/> that is the sum over the tile's pixels.</summary>
    public abstract int GradientSum { get; }

    protected ConvolutionGeometry Geometry { get; } = geometry;

    public static TileTransforms Create(ConvolutionGeometry geometry) =>
        geometry.Stride == 1 ? new UnitStrideTiles(geometry) : new DoubleStrideTiles(geometry);

    /// <summary>Transforms an input's tiles: Bᵀ x B.</summary>
    /// <param name="x">An input map with its ring.</param>
    public abstract void Inputs(float* x, TiledMap to);

    /// <summary>Transforms an output gradient's tiles: A g Aᵀ.</summary>
    /// <param name="g">An output gradient with its ring.</param>
    public abstract void Gradients(float* g, TiledMap to);

    /// <summary>g as the input of the backward pass.</summary>
    public abstract void Sources(float* g, TiledMap to);

    /// <summary>G w Gᵀ: <see cref="WinogradWeights.Transform"/>.</summary>
    public abstract void TransformWeights(int depth, int columns, float* packed, float* transformed);

    /// <summary>Transpose of the weights' transform; see <see cref="WinogradWeights.Pull"/>.</summary>
    public abstract void PullWeights(int depth, int columns, float* transformed, float* packed);

    /// <summary>y = f(bias + Aᵀ m A).</summary>
    /// <param name="bias">[pixel stride], or null: 0.</param>
    /// <param name="relu">f(x) = max(x, 0); NaN stays NaN.</param>
    /// <param name="mask">f(x) = x where this map is greater than 0, else 0; null: everywhere.</param>
    /// <param name="y">An output map; of it only pixels of the image are written.</param>
    public abstract void Outputs(TiledMap products, float* bias, bool relu, float* mask, float* y);

    /// <summary>The input's gradient from the backward pass's products, where the mask is greater than 0.</summary>
    public abstract void InputGradients(TiledMap products, float* mask, float* xGradient);

    /// <summary>The numbers that products over two axes take, from those along one, of which there are <paramref name="count"/>.</summary>
    protected static IEnumerable<int> Both(int count, params int[] axis) => axis.SelectMany(row => axis.Select(column => (row * count) + column));

    /// <summary>Tiles of 2 along a side.</summary>
    protected static int HalfOf(int size) => (size + 1) / 2;

    protected static int Square(int side) => side * side;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Load(float* p) => Vector256.Load(p);

    /// <summary>The native maximum gives its second operand when one is NaN: a net that has overflowed must not look alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static V Relu(V x) => Vector256.MaxNative(V.Zero, x);

    /// <param name="toMask">Bytes from the map to the mask.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Finish(V y, float* to, bool masked, nint toMask)
    {
        if (masked) y &= Vector256.GreaterThan(Load((float*)((nint)to + toMask)), V.Zero);
        y.Store(to);
    }
}
