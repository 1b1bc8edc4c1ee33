using System.Runtime.CompilerServices;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Memory;

namespace LoptCluster.Engine.Numerics.Convolution.Winograd;

/// <summary>
/// Convolution by Winograd's minimal algorithms (Lavin and Gray 2016): 16 products instead of the definition's 36, or 25 at stride 2.
/// </summary>
/// <remarks>
/// <see cref="TileTransforms"/> defines the computation; this class computes the products, each a matrix product over the channels for all
/// tiles of an image. They use the kernels of <see cref="ConvolutionKernels"/>: a tile is a pixel whose patch is its own channels. The
/// transforms take a few per cent of the time; the rounding error is that of the definition (the tests hold both to the same bound).
/// </remarks>
internal sealed unsafe class WinogradConvolution : PackedConvolution
{
    private readonly ConvolutionGeometry _geometry;
    private readonly bool _hasBias;
    private readonly CacheLines? _meanwhile;
    private readonly TileTransforms _tiles;
    private readonly ConvolutionPasses _packing;
    private readonly ConvolutionPass _forward;
    private readonly ConvolutionPass _backward;
    private readonly AlignedBuffer _buffer;
    private readonly float* _packed;
    private readonly float* _weights;
    private readonly float* _weightTangents;
    private readonly float* _backwardWeights;
    private readonly float* _backwardTangents;
    private readonly float* _weightGradient;
    private readonly float* _biasGradient;
    private readonly TiledMap _inputs;
    private readonly TiledMap _gradients;
    private readonly TiledMap _sources;
    private readonly TiledMap _products;
    private TiledMap? _inputTangents;
    private TiledMap? _gradientTangents;
    private TiledMap? _sourceTangents;
    private bool _hasInputTangent;

    public WinogradConvolution(ConvolutionGeometry geometry, bool hasBias, CacheLines? meanwhile)
    {
        _geometry = geometry;
        _hasBias = hasBias;
        _meanwhile = meanwhile;
        _tiles = TileTransforms.Create(geometry);
        int inputs = geometry.InputPixelStride, outputs = geometry.OutputPixelStride;

        // The weights of stride 1's one backward pass are all nine taps, mirrored, as the transforms of both strides require.
        _packing = new ConvolutionPasses(new ConvolutionGeometry(1, geometry.InputChannels, inputs, geometry.OutputChannels, 1));
        _forward = Products(_tiles.Tiles, inputs, geometry.InputChannels, outputs);
        _backward = Products(_tiles.BackwardTiles, outputs, geometry.OutputChannels, inputs);
        _inputs = new TiledMap(_tiles.Numbers.Inputs, _tiles.Tiles, inputs);
        _gradients = new TiledMap(_tiles.Numbers.Gradients, _tiles.Tiles, outputs);
        _sources = new TiledMap(_tiles.Numbers.Sources, _tiles.BackwardTiles, outputs);
        _products = new TiledMap(_tiles.Products.Length, Math.Max(_tiles.Tiles, _tiles.BackwardTiles), Math.Max(inputs, outputs));
        int forward = WinogradWeights.Numbers * _forward.WeightsLength, backward = WinogradWeights.Numbers * _backward.WeightsLength;
        int packed = Math.Max(_packing.Forward.WeightsLength, _packing.BackwardWeightsLength);
        _buffer = new AlignedBuffer(packed + (3L * forward) + (2L * backward) + outputs);
        _packed = _buffer.Pointer;
        _weights = _packed + packed;
        _weightTangents = _weights + forward;
        _backwardWeights = _weightTangents + forward;
        _backwardTangents = _backwardWeights + backward;
        _weightGradient = _backwardTangents + backward;
        _biasGradient = _weightGradient + forward;
    }

    public override double Flops => 2.0 * _tiles.Products.Length * _tiles.Tiles * _geometry.InputChannels * _geometry.OutputChannels;

    public override int ForwardFetches => _tiles.Products.Length * ConvolutionKernels.BlockCount(_forward);

    public override int BackwardFetches => _tiles.BackwardProducts.Length * ConvolutionKernels.BlockCount(_backward);

    public override int GradientFetches => _tiles.Products.Length * ConvolutionKernels.WeightGradientBlockCount(_forward);

    /// <summary>Whether there are enough channels and tiles for the saved products to outweigh the transforms (measured).</summary>
    public static bool Pays(ConvolutionGeometry g)
    {
        bool wholeVectors = g.InputPixelStride == RowPacking.Stride(g.InputChannels);
        if (!wholeVectors || g.InputChannels < 16 || g.OutputChannels < 16) return false;

        // Stride 2 saves less, and an odd size would waste that on its last tiles.
        return g.Stride == 1 ? g.OutputSize >= 4 : g.OutputSize >= 8 && g.OutputSize % 2 == 0;
    }

    public override void Load(float* weights, bool backward)
    {
        PackForward(weights, _weights);
        if (backward) PackBackward(weights, _backwardWeights);
    }

    public override void LoadTangents(float* weights)
    {
        PackForward(weights, _weightTangents);
        PackBackward(weights, _backwardTangents);
        if (_inputTangents != null) return;
        _inputTangents = new TiledMap(_tiles.Numbers.Inputs, _tiles.Tiles, _geometry.InputPixelStride);
        _gradientTangents = new TiledMap(_tiles.Numbers.Gradients, _tiles.Tiles, _geometry.OutputPixelStride);
        _sourceTangents = new TiledMap(_tiles.Numbers.Sources, _tiles.BackwardTiles, _geometry.OutputPixelStride);
    }

    public override void SetInput(float* x) => _tiles.Inputs(x, _inputs);

    public override void SetInputTangent(float* xTangent)
    {
        _hasInputTangent = xTangent != null;
        if (_hasInputTangent) _tiles.Inputs(xTangent, _inputTangents!);
    }

    public override void Forward(float* bias, bool relu, float* y)
    {
        Multiply(_weights, null);
        _tiles.Outputs(_products, bias, relu, null, y);
    }

    public override void ForwardTangent(float* bias, float* mask, float* yTangent)
    {
        Multiply(_weightTangents, _hasInputTangent ? _weights : null);
        _tiles.Outputs(_products, bias, relu: false, mask, yTangent);
    }

    public override void Backward(float* g, float* mask, float* xGradient)
    {
        _tiles.Sources(g, _sources);
        MultiplyBackward(_sources, _backwardWeights, null);
        _tiles.InputGradients(_products, mask, xGradient);
    }

    public override void BackwardTangent(float* g, float* gTangent, float* mask, float* xGradientTangent)
    {
        _tiles.Sources(g, _sources);
        _tiles.Sources(gTangent, _sourceTangents!);
        MultiplyBackward(_sourceTangents!, _backwardWeights, _backwardTangents);
        _tiles.InputGradients(_products, mask, xGradientTangent);
    }

    public override void ClearGradient()
    {
        new Span<float>(_weightGradient, WinogradWeights.Numbers * _forward.WeightsLength).Clear();
        new Span<float>(_biasGradient, _geometry.OutputPixelStride).Clear();
    }

    public override void AddGradient(float* g)
    {
        _tiles.Gradients(g, _gradients);
        AddBiasGradient(_gradients);
        AddProducts(_gradients, twoTerms: false);
    }

    public override void AddGradientTangent(float* g, float* gTangent)
    {
        _tiles.Gradients(gTangent, _gradientTangents!);
        AddBiasGradient(_gradientTangents!);
        if (_hasInputTangent) _tiles.Gradients(g, _gradients);
        AddProducts(_gradientTangents!, twoTerms: _hasInputTangent);
    }

    public override void AddGradientTo(float* weights, float* bias)
    {
        _tiles.PullWeights(_forward.Depth, _forward.Columns, _weightGradient, _packed);
        _packing.AddUnpacked(_packed, weights);
        if (bias == null) return;
        for (int c = 0; c < _geometry.OutputChannels; c++) bias[c] += _biasGradient[c];
    }

    public override void Dispose()
    {
        foreach (var pass in (ReadOnlySpan<ConvolutionPass>)[_forward, _backward]) pass.Dispose();
        foreach (var maps in (ReadOnlySpan<TiledMap?>)[_inputs, _gradients, _sources, _products]) maps?.Dispose();
        foreach (var maps in (ReadOnlySpan<TiledMap?>)[_inputTangents, _gradientTangents, _sourceTangents]) maps?.Dispose();
        _packing.Dispose();
        _buffer.Dispose();
    }

    /// <summary>Pass of a product over <paramref name="tiles"/> tiles, each a pixel whose patch is its own channels.</summary>
    private static ConvolutionPass Products(int tiles, int stride, int channels, int columns) =>
        new([.. Enumerable.Range(0, tiles).Select(t => (t * stride, t * columns))], [0], channels, columns);

    private void PackForward(float* weights, float* transformed)
    {
        _packing.PackForward(weights, _packed);
        _tiles.TransformWeights(_forward.Depth, _forward.Columns, _packed, transformed);
    }

    private void PackBackward(float* weights, float* transformed)
    {
        _packing.PackBackward(weights, _packed);
        _tiles.TransformWeights(_backward.Depth, _backward.Columns, _packed, transformed);
    }

    /// <summary>
    /// Multiplies the input by <paramref name="weights"/>, and adds the product of its tangent and the other weights if there are any.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(float* weights, float* weightsOfTangent)
    {
        for (int i = 0; i < _tiles.Products.Length; i++)
        {
            var (input, weight, _) = _tiles.Products[i];
            nint offset = (nint)weight * _forward.WeightsLength;
            ConvolutionKernels.Gather(_forward, new ConvolutionOperands
            {
                X = _inputs[input],
                W = weights + offset,
                X2 = weightsOfTangent == null ? null : _inputTangents![input],
                W2 = weightsOfTangent + offset,
                Y = _products[i],
                Meanwhile = _meanwhile,
            });
        }
    }

    /// <summary>
    /// Multiplies the sources by <paramref name="weights"/>, and adds the product of g's sources and the direction's weights if there are
    /// any.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyBackward(TiledMap sources, float* weights, float* tangents)
    {
        for (int i = 0; i < _tiles.BackwardProducts.Length; i++)
        {
            var (source, weight) = _tiles.BackwardProducts[i];
            nint offset = (nint)weight * _backward.WeightsLength;
            ConvolutionKernels.Gather(_backward, new ConvolutionOperands
            {
                X = sources[source],
                W = weights + offset,
                X2 = tangents == null ? null : _sources[source],
                W2 = tangents + offset,
                Y = _products[i],
                Meanwhile = _meanwhile,
            });
        }
    }

    private void AddBiasGradient(TiledMap gradients)
    {
        if (_hasBias)
            RowPacking.SumRows(gradients[_tiles.GradientSum], _geometry.OutputPixelStride, _tiles.Tiles, _biasGradient, accumulate: true);
    }

    /// <summary>Adds input ⊗ gradients, and the input's tangent ⊗ g if there are two terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddProducts(TiledMap gradients, bool twoTerms)
    {
        foreach (var (input, weight, gradient) in _tiles.Products)
        {
            var operands = new PatchOperands { X = _inputs[input], G = gradients[gradient], Meanwhile = _meanwhile };
            if (twoTerms)
            {
                operands.X2 = _inputTangents![input];
                operands.G2 = _gradients[gradient];
            }

            ConvolutionKernels.AddWeightGradient(_forward, operands, _weightGradient + ((nint)weight * _forward.WeightsLength));
        }
    }
}
