using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LoptCluster.Engine.Numerics.Convolution;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Forward pass, backward pass and their derivatives through a convnet's layers: base of the two kinds of convnet.</summary>
internal abstract unsafe class ConvnetPasses : IDisposable
{
    private readonly AlignedBuffer _image;

    /// <param name="meanwhile">Memory that the convolutions fetch while they compute, or null.</param>
    protected ConvnetPasses(ConvnetShape shape, ParameterLayout layout, int maxMinibatch, CacheLines? meanwhile)
    {
        var layers = ImmutableArray.CreateBuilder<ConvolutionLayer>();
        int size = shape.ImageSize, channels = shape.ImageChannels, pixel = shape.ImageChannels;
        int tensorsPerLayer = shape.BatchNorm ? 3 : 2;
        for (int i = 0; i < shape.Strides.Length; i++)
        {
            var geometry = new ConvolutionGeometry(size, channels, pixel, shape.Channels, shape.Strides[i]);
            var weights = layout.Tensors[tensorsPerLayer * i];
            layers.Add(
                new ConvolutionLayer(geometry, weights, shape.BatchNorm ? null : layout.Tensors[(tensorsPerLayer * i) + 1], meanwhile));
            size = geometry.OutputSize;
            channels = shape.Channels;
            pixel = geometry.OutputPixelStride;
        }

        Layers = layers.ToImmutable();
        _image = new AlignedBuffer(Layers[0].Geometry.InputMapLength);
        Head = new ConvnetHead(layout.Tensors[^2], layout.Tensors[^1], Layers[^1].Geometry, maxMinibatch);
    }

    public ImmutableArray<ConvolutionLayer> Layers { get; }

    protected ConvnetHead Head { get; }

    public abstract double Loss(float* w, float* x, ReadOnlySpan<int> labels);

    /// <summary>Share of the images of the last <see cref="Loss"/> that are classified as their labels say.</summary>
    public double Accuracy(ReadOnlySpan<int> labels) => Head.Accuracy(labels);

    /// <summary>Floats per image that a gradient can leave for a Hessian-vector product.</summary>
    public abstract int IntermediatesLength { get; }

    /// <summary>Returns ℓ and adds ∇ℓ to <paramref name="gradient"/>.</summary>
    /// <param name="intermediates">Destination of the values that <see cref="AddHessianVectorProduct"/> can reuse, or null.</param>
    public abstract double LossAndAddGradient(float* w, float* x, ReadOnlySpan<int> labels, float* gradient, float* intermediates);

    /// <param name="intermediates">Values left by a gradient at the same w and minibatch, or null.</param>
    public abstract void AddHessianVectorProduct(
        float* w, float* v, float* x, ReadOnlySpan<int> labels, float* intermediates, float* result);

    public virtual void Dispose()
    {
        foreach (var layer in Layers) layer.Dispose();
        Head.Dispose();
        _image.Dispose();
    }

    /// <summary>Image n of the minibatch with a ring of zeros, valid until the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected float* Image(float* x, int n)
    {
        var g = Layers[0].Geometry;
        int line = g.InputSize * g.InputChannels;
        float* from = x + ((nint)n * g.InputSize * line);
        for (int row = 0; row < g.InputSize; row++)
            new ReadOnlySpan<float>(from + (row * line), line).CopyTo(new Span<float>(_image.Pointer + g.InputOffset(row, 0), line));
        return _image.Pointer;
    }

    /// <summary>Packs the weights of w, and those of v unless it is null.</summary>
    protected void Load(float* w, float* v, bool backward)
    {
        foreach (var layer in Layers)
        {
            layer.Load(w, backward && layer != Layers[0]);
            if (v != null) layer.LoadTangents(v);
            if (backward) layer.ClearParameterGradient();
        }

        Head.Load(w, v, backward);
    }
}
