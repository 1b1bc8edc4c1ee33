using LoptCluster.Engine.Numerics.Convolution;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>
/// Batch normalisation and ReLU, y = relu(a), a = γ x̂ + β, x̂ = s (z − mean z), s = 1 / √(var z + ε), with the minibatch's own mean and
/// biased variance over N, H, W (App. J); its gradient and its R-operator include the derivatives of the statistics.
/// </summary>
/// <remarks>
/// Symbols: z is the convolution's output, g_q = ∂ℓ/∂q for any quantity q, Rq its derivative in the direction v (R-operator).
/// g_z = c (g_a − A − x̂ B) with c = γ s, A = mean g_a, B = mean(g_a x̂).
/// Rx̂ = s (Rz − mean Rz − x̂ m) with m = mean(x̂ Rz); Ra = Rγ x̂ + γ Rx̂ + Rβ; Rc = s (Rγ − c m).
/// Rg_z = Rc (g_a − A − x̂ B) + c (Rg_a − RA − Rx̂ B − x̂ RB) with RA = mean Rg_a, RB = mean(Rg_a x̂ + g_a Rx̂).
/// <para>
/// A minibatch's maps do not fit the second-level cache, and beside its convolutions a pass spends its time on fetching them. So only z,
/// g_a and their R
/// are stored, without their rings; each image's sums are taken while it is still in the cache, and x̂, Rx̂ and y are recomputed where
/// they are needed.
/// </para>
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
    private readonly ChannelStatistics _statistics;
    private readonly ChannelTotals _totals;
    private readonly ChannelTotals _tangentTotals;
    private AlignedBuffer? _tangentMaps;

    public BatchNormalization(ConvolutionGeometry geometry, ParameterTensor scale, ParameterTensor offset, float epsilon, int images)
    {
        _geometry = geometry;
        _scaleOffset = scale.Offset;
        _offsetOffset = offset.Offset;
        _epsilon = epsilon;
        _images = images;
        int stride = geometry.OutputPixelStride;
        _maps = new AlignedBuffer(2L * images * geometry.DenseOutputLength);
        Sums = new Maps(_maps.Pointer, geometry.DenseOutputLength);
        Gradients = new Maps(Sums[images], geometry.DenseOutputLength);
        _channelValues = new AlignedBuffer(ChannelStatistics.Vectors * stride);
        _statistics = new ChannelStatistics(_channelValues.Pointer, stride);
        _totals = new ChannelTotals(stride);
        _tangentTotals = new ChannelTotals(stride);
    }

    /// <summary>Stored inputs z of the minibatch.</summary>
    private Maps Sums { get; }

    /// <summary>Stored tangents Rz of the inputs.</summary>
    private Maps SumTangents { get; set; }

    /// <summary>Stored gradients g_a of the ReLU's input.</summary>
    private Maps Gradients { get; }

    /// <summary>Stored tangents Rg_a of those gradients.</summary>
    private Maps GradientTangents { get; set; }

    /// <summary>Allocates memory for the tangents on first use.</summary>
    public void EnsureTangents()
    {
        if (_tangentMaps != null) return;
        _tangentMaps = new AlignedBuffer(2L * _images * _geometry.DenseOutputLength);
        SumTangents = new Maps(_tangentMaps.Pointer, _geometry.DenseOutputLength);
        GradientTangents = new Maps(SumTangents[_images], _geometry.DenseOutputLength);
    }

    /// <summary>Resets the sums for a new minibatch.</summary>
    public void Begin()
    {
        _totals.Clear();
        _tangentTotals.Clear();
    }

    /// <summary>Queues image n's z, and Rz if needed, for fetching.</summary>
    public void FetchSums(CacheLines lines, int n, bool tangents)
    {
        int length = _geometry.DenseOutputLength;
        lines.Add(Sums[n], length);
        if (tangents) lines.Add(SumTangents[n], length);
    }

    /// <summary>Queues image n's g_a, and Rg_a if needed, for fetching.</summary>
    public void FetchGradients(CacheLines lines, int n, bool tangents)
    {
        int length = _geometry.DenseOutputLength;
        lines.Add(Gradients[n], length);
        if (tangents) lines.Add(GradientTangents[n], length);
    }

    /// <summary>Stores image n's z, a map with its ring, and adds it to the sums.</summary>
    public void AddSums(int n, float* z) => ChannelSums.AddMoments(_geometry, z, Sums[n], _totals);

    /// <summary>Stores image n's z and Rz and adds both to the sums.</summary>
    public void AddSumsAndTangents(int n, float* z, float* zTangent) =>
        ChannelSums.AddMoments(_geometry, z, zTangent, Sums[n], SumTangents[n], _totals, _tangentTotals);

    /// <summary>Computes the statistics of z, and of Rz if it was added; call after the last image.</summary>
    public void EndSums(int images)
    {
        double count = Count(images);
        for (int c = 0; c < _totals.First.Length; c++)
        {
            double mean = _totals.First[c] / count, tangentMean = _tangentTotals.First[c] / count;
            double inverseStd = 1 / Math.Sqrt(Math.Max((_totals.Second[c] / count) - (mean * mean), 0) + _epsilon);
            _statistics.Mean[c] = (float)mean;
            _statistics.InverseStd[c] = (float)inverseStd;
            _statistics.TangentMean[c] = (float)tangentMean;
            _statistics.TangentProductMean[c] = (float)(inverseStd * ((_tangentTotals.Second[c] / count) - (mean * tangentMean)));
        }

        Begin();
    }

    /// <summary>Computes y of image n.</summary>
    public void Activate(int n, float* w, float* y) =>
        BatchNormalizationKernels.Activate(_geometry, _statistics, w + _scaleOffset, w + _offsetOffset, Sums[n], y);

    /// <summary>Computes Ry of image n, where its y is positive.</summary>
    public void ActivateTangent(int n, float* w, float* v, float* y, float* yTangent) => BatchNormalizationKernels.ActivateTangent(
        _geometry, _statistics, w + _scaleOffset, v + _scaleOffset, v + _offsetOffset, Sums[n], SumTangents[n], y, yTangent);

    /// <summary>Stores image n's g_a, a map with its ring, and adds it to the sums.</summary>
    public void AddGradient(int n, float* gradient) =>
        BatchNormalizationKernels.AddGradientSums(_geometry, _statistics, Sums[n], gradient, Gradients[n], _totals);

    /// <summary>Stores image n's g_a and Rg_a and adds both to the sums.</summary>
    public void AddGradientAndTangent(int n, float* gradient, float* gradientTangent)
    {
        AddGradient(n, gradient);
        BatchNormalizationKernels.AddGradientTangentSums(
            _geometry, _statistics, Sums[n], SumTangents[n], gradient, gradientTangent, GradientTangents[n], _tangentTotals);
    }

    /// <summary>
    /// Computes the statistics of g_a after the last image, and adds the gradients of γ and β to <paramref name="result"/>.
    /// </summary>
    public void EndGradients(float* w, int images, float* result)
    {
        GradientStatistics(w, images);
        _totals.AddTo(result + _scaleOffset, result + _offsetOffset, _geometry.OutputChannels);
        Begin();
    }

    /// <summary>Computes the statistics of g_a and Rg_a, and adds R of the gradients of γ and β to <paramref name="result"/>.</summary>
    public void EndGradientsAndTangents(float* w, float* v, int images, float* result)
    {
        GradientStatistics(w, images);
        double count = Count(images);
        for (int c = 0; c < _totals.First.Length; c++)
        {
            _statistics.GradientTangentMean[c] = (float)(_tangentTotals.First[c] / count);
            _statistics.GradientTangentProductMean[c] = (float)(_tangentTotals.Second[c] / count);
            float tangent = v[_scaleOffset + c] - (_statistics.Factor[c] * _statistics.TangentProductMean[c]);
            _statistics.FactorTangent[c] = tangent * _statistics.InverseStd[c];
        }

        _tangentTotals.AddTo(result + _scaleOffset, result + _offsetOffset, _geometry.OutputChannels);
        Begin();
    }

    /// <summary>Computes g_z of image n.</summary>
    public void Backward(int n, float* zGradient) =>
        BatchNormalizationKernels.Backward(_geometry, _statistics, Sums[n], Gradients[n], zGradient);

    /// <summary>Computes g_z and Rg_z of image n.</summary>
    public void BackwardTangent(int n, float* zGradient, float* zGradientTangent) => BatchNormalizationKernels.BackwardTangent(
        _geometry, _statistics, Sums[n], SumTangents[n], Gradients[n], GradientTangents[n], zGradient, zGradientTangent);

    public void Dispose()
    {
        _maps.Dispose();
        _channelValues.Dispose();
        _tangentMaps?.Dispose();
    }

    private double Count(int images) => (double)images * _geometry.OutputSize * _geometry.OutputSize;

    private void GradientStatistics(float* w, int images)
    {
        double count = Count(images);
        for (int c = 0; c < _totals.First.Length; c++)
        {
            _statistics.GradientMean[c] = (float)(_totals.First[c] / count);
            _statistics.GradientProductMean[c] = (float)(_totals.Second[c] / count);
            _statistics.Factor[c] = w[_scaleOffset + c] * _statistics.InverseStd[c];
        }
    }
}
