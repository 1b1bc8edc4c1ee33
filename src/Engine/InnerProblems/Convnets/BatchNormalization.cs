using LoptCluster.Engine.Numerics;
using LoptCluster.Engine.Numerics.Convolution;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>
/// y = relu(a), a = γ x̂ + β, x̂ = s (z − mean z), s = 1 / √(var z + ε), by the minibatch's own mean and biased variance over N, H, W (App. J);
/// its gradient and R-operator, through the statistics.
/// </summary>
/// <remarks>
/// g_z = c (g_a − A − x̂ B) with c = γ s, A = mean g_a, B = mean(g_a x̂).
/// Rx̂ = s (Rz − mean Rz − x̂ m) with m = mean(x̂ Rz); Ra = Rγ x̂ + γ Rx̂ + Rβ; Rc = s (Rγ − c m).
/// Rg_z = Rc (g_a − A − x̂ B) + c (Rg_a − RA − Rx̂ B − x̂ RB) with RA = mean Rg_a, RB = mean(Rg_a x̂ + g_a Rx̂).
/// </remarks>
internal sealed unsafe class BatchNormalization : IDisposable
{
    private readonly ConvolutionGeometry _geometry;
    private readonly int _scaleOffset;
    private readonly int _offsetOffset;
    private readonly double _epsilon;
    private readonly int _images;
    private readonly AlignedBuffer _maps;
    private readonly AlignedBuffer _channelValues;
    private readonly double[] _sums;
    private readonly double[] _products;
    private readonly ChannelStatistics _statistics;
    private AlignedBuffer? _tangentMaps;

    public BatchNormalization(ConvolutionGeometry geometry, ParameterTensor scale, ParameterTensor offset, float epsilon, int images)
    {
        _geometry = geometry;
        _scaleOffset = scale.Offset;
        _offsetOffset = offset.Offset;
        _epsilon = epsilon;
        _images = images;
        int stride = geometry.OutputPixelStride;
        _maps = new AlignedBuffer((long)images * geometry.OutputMapLength);
        Normalized = new Maps(_maps.Pointer, geometry.OutputMapLength);
        _channelValues = new AlignedBuffer(ChannelStatistics.Vectors * stride);
        _statistics = new ChannelStatistics(_channelValues.Pointer, stride);
        _sums = new double[stride];
        _products = new double[stride];
    }

    /// <summary>Where the convolution writes z; <see cref="Forward"/> makes x̂ of it.</summary>
    public Maps Normalized { get; }

    /// <summary>Where the convolution's R writes Rz; <see cref="ForwardTangent"/> makes Rx̂ of it.</summary>
    public Maps NormalizedTangents { get; private set; }

    /// <summary>Makes room for the tangents when it is the first time.</summary>
    public void EnsureTangents()
    {
        if (_tangentMaps != null) return;
        _tangentMaps = new AlignedBuffer((long)_images * _geometry.OutputMapLength);
        NormalizedTangents = new Maps(_tangentMaps.Pointer, _geometry.OutputMapLength);
    }

    /// <summary>x̂ in place of z, and y.</summary>
    public void Forward(float* w, int images, Maps y)
    {
        Clear();
        for (int n = 0; n < images; n++) ChannelSums.Add(_geometry, Normalized[n], _sums);
        Mean(_sums, images, _statistics.Mean);
        for (int n = 0; n < images; n++) ChannelSums.AddSquares(_geometry, Normalized[n], _statistics.Mean, _products);
        double count = Count(images);
        for (int c = 0; c < _products.Length; c++) _statistics.InverseStd[c] = (float)(1 / Math.Sqrt((_products[c] / count) + _epsilon));
        for (int n = 0; n < images; n++)
            BatchNormalizationKernels.Forward(_geometry, _statistics, w + _scaleOffset, w + _offsetOffset, Normalized[n], y[n]);
    }

    /// <summary>Rx̂ in place of Rz, and Ry where y is positive.</summary>
    public void ForwardTangent(float* w, float* v, int images, Maps y, Maps yTangents)
    {
        Clear();
        for (int n = 0; n < images; n++)
        {
            ChannelSums.Add(_geometry, NormalizedTangents[n], _sums);
            ChannelSums.AddProducts(_geometry, Normalized[n], NormalizedTangents[n], _products);
        }

        Mean(_sums, images, _statistics.TangentMean);
        Mean(_products, images, _statistics.TangentProductMean);
        for (int n = 0; n < images; n++)
        {
            BatchNormalizationKernels.ForwardTangent(
                _geometry,
                _statistics,
                w + _scaleOffset,
                v + _scaleOffset,
                v + _offsetOffset,
                Normalized[n],
                NormalizedTangents[n],
                y[n],
                yTangents[n]);
        }
    }

    /// <summary>g_z in place of g_a; the gradients of γ and β are added to <paramref name="result"/> unless that is null.</summary>
    public void Backward(float* w, int images, Maps gradients, float* result)
    {
        GradientMeans(images, gradients);
        if (result != null) AddParameterGradient(result);
        for (int c = 0; c < _sums.Length; c++) _statistics.Factor[c] = w[_scaleOffset + c] * _statistics.InverseStd[c];
        for (int n = 0; n < images; n++) BatchNormalizationKernels.Backward(_geometry, _statistics, Normalized[n], gradients[n]);
    }

    /// <summary>g_z in place of g_a and Rg_z in place of Rg_a; R of the gradients of γ and β is added to <paramref name="result"/>.</summary>
    public void BackwardTangent(float* w, float* v, int images, Maps gradients, Maps gradientTangents, float* result)
    {
        GradientMeans(images, gradients);
        Clear();
        for (int n = 0; n < images; n++)
        {
            ChannelSums.Add(_geometry, gradientTangents[n], _sums);
            ChannelSums.AddProducts(_geometry, gradientTangents[n], Normalized[n], _products);
            ChannelSums.AddProducts(_geometry, gradients[n], NormalizedTangents[n], _products);
        }

        Mean(_sums, images, _statistics.GradientTangentMean);
        Mean(_products, images, _statistics.GradientTangentProductMean);
        AddParameterGradient(result);
        for (int c = 0; c < _sums.Length; c++)
        {
            float factor = w[_scaleOffset + c] * _statistics.InverseStd[c];
            _statistics.Factor[c] = factor;
            _statistics.FactorTangent[c] = (v[_scaleOffset + c] - (factor * _statistics.TangentProductMean[c])) * _statistics.InverseStd[c];
        }

        for (int n = 0; n < images; n++)
        {
            BatchNormalizationKernels.BackwardTangent(
                _geometry, _statistics, Normalized[n], NormalizedTangents[n], gradients[n], gradientTangents[n]);
        }
    }

    public void Dispose()
    {
        _maps.Dispose();
        _channelValues.Dispose();
        _tangentMaps?.Dispose();
    }

    private void GradientMeans(int images, Maps gradients)
    {
        Clear();
        for (int n = 0; n < images; n++)
        {
            ChannelSums.Add(_geometry, gradients[n], _sums);
            ChannelSums.AddProducts(_geometry, gradients[n], Normalized[n], _products);
        }

        Mean(_sums, images, _statistics.GradientMean);
        Mean(_products, images, _statistics.GradientProductMean);
    }

    private void Clear()
    {
        _sums.AsSpan().Clear();
        _products.AsSpan().Clear();
    }

    private double Count(int images) => (double)images * _geometry.OutputSize * _geometry.OutputSize;

    private void Mean(double[] sums, int images, float* mean)
    {
        double count = Count(images);
        for (int c = 0; c < sums.Length; c++) mean[c] = (float)(sums[c] / count);
    }

    private void AddParameterGradient(float* result)
    {
        for (int c = 0; c < _geometry.OutputChannels; c++)
        {
            result[_scaleOffset + c] += (float)_products[c];
            result[_offsetOffset + c] += (float)_sums[c];
        }
    }
}
