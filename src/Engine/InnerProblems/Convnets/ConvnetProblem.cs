using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Convnets of the paper (App. D.2, F), with or without batch normalisation (App. J), with softmax cross-entropy.</summary>
/// <remarks>
/// Tensors conv1_w [3, 3, in, C], conv1_b [C] (or bn1_scale, bn1_offset), …, head_w [C, classes], head_b. Inputs are [B, H, W, in].
/// Channels are rounded up to whole vectors in the scratch memory: 16, 32 or 128 are efficient, and 4 cost as much as 16.
/// </remarks>
public sealed unsafe class ConvnetProblem : IInnerProblem
{
    private readonly ConvnetShape _shape;
    private readonly ConvnetPasses _passes;

    /// <exception cref="ArgumentException">The shape has no layers, or a number in it is out of range.</exception>
    public ConvnetProblem(ConvnetShape shape, int maxMinibatch)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMinibatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.Classes, 1, nameof(shape));
        if (shape.Strides.IsDefaultOrEmpty) throw new ArgumentException("A convnet has at least one convolution.", nameof(shape));
        _shape = shape;
        MaxMinibatch = maxMinibatch;
        InputLength = shape.ImageSize * shape.ImageSize * shape.ImageChannels;
        Layout = shape.CreateLayout();
        _passes = shape.BatchNorm
            ? new NormalizedConvnetPasses(shape, Layout, maxMinibatch)
            : new PlainConvnetPasses(shape, Layout, maxMinibatch);
    }

    public ParameterLayout Layout { get; }

    public int InputLength { get; }

    public int MaxMinibatch { get; }

    /// <remarks>
    /// Counts the operations that the algorithm needs. Gradient: for each convolution the forward pass, the gradient of its weights and,
    /// except in the first layer, the gradient of its input, with all nine taps at every output pixel. Hessian-vector product: the forward
    /// pass again, two terms for the derivative of each pass, and the input gradients that these need. In units of a layer's forward pass,
    /// that is 2 and 3 for the first layer, 3 and 7 for the second (with batch normalisation 8: the first layer's gradient is needed too),
    /// 3 and 8 for the others. ReLU, pooling, normalisation and softmax are not counted.
    /// </remarks>
    public (double Gradient, double HessianVector) Flops(int minibatchSize) => Flops(minibatchSize, layer => layer.Geometry.Flops);

    public (double Gradient, double HessianVector) ExecutedFlops(int minibatchSize) => Flops(minibatchSize, layer => layer.Flops);

    public double HessianVectorFlopsWithIntermediates(int minibatchSize)
    {
        double product = Flops(minibatchSize).HessianVector;
        if (IntermediatesLength(minibatchSize) == 0) return product;

        // Intermediate values save the activations of all layers but the first, and the input gradients of all but the first two.
        for (int i = 1; i < _passes.Layers.Length; i++) product -= _passes.Layers[i].Geometry.Flops * minibatchSize * (i == 1 ? 1 : 2);
        return product;
    }

    public void Initialize(ref RandomStream random, Span<float> w)
    {
        w[..Layout.PaddedLength].Clear();
        foreach (var tensor in Layout.Tensors)
        {
            var values = w.Slice(tensor.Offset, tensor.Length);
            if (tensor.Name.EndsWith("_scale", StringComparison.Ordinal)) values.Fill(1);
            if (tensor.Shape.Length == 1) continue;

            // Glorot and Bengio 2010: the fans of a convolution count its 9 taps.
            int taps = tensor.Shape.Length == 4 ? 9 : 1;
            float limit = MathF.Sqrt(6f / (taps * (tensor.Shape[^2] + tensor.Shape[^1])));
            foreach (ref float weight in values) weight = ((2 * random.NextSingle()) - 1) * limit;
        }
    }

    public double Loss(ReadOnlySpan<float> w, Minibatch batch)
    {
        ProblemArguments.Check(this, w.Length, batch);
        fixed (float* pw = w, x = batch.Inputs) return _passes.Loss(pw, x, batch.Labels);
    }

    public (double Loss, double Accuracy) LossAndAccuracy(ReadOnlySpan<float> w, Minibatch batch)
    {
        double loss = Loss(w, batch);
        return (loss, _passes.Accuracy(batch.Labels));
    }

    public int IntermediatesLength(int minibatchSize) => _passes.IntermediatesLength * minibatchSize;

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient) =>
        LossAndGradient(w, batch, gradient, default);

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient, Span<float> intermediates)
    {
        ProblemArguments.Check(this, w.Length, batch);
        ProblemArguments.CheckVector(this, gradient.Length, nameof(gradient));
        ProblemArguments.CheckIntermediates(this, intermediates.Length, batch);
        gradient[..Layout.PaddedLength].Clear();
        fixed (float* pw = w, x = batch.Inputs, g = gradient, kept = intermediates)
            return _passes.LossAndAddGradient(pw, x, batch.Labels, g, kept);
    }

    public void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator) =>
        AddHessianVectorProduct(w, v, batch, default, accumulator);

    public void AddHessianVectorProduct(
        ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, ReadOnlySpan<float> intermediates, Span<float> accumulator)
    {
        ProblemArguments.Check(this, w.Length, batch);
        ProblemArguments.CheckVector(this, v.Length, nameof(v));
        ProblemArguments.CheckVector(this, accumulator.Length, nameof(accumulator));
        ProblemArguments.CheckIntermediates(this, intermediates.Length, batch);
        fixed (float* pw = w, pv = v, x = batch.Inputs, kept = intermediates, hv = accumulator)
            _passes.AddHessianVectorProduct(pw, pv, x, batch.Labels, kept, hv);
    }

    public void Dispose() => _passes.Dispose();

    private (double Gradient, double HessianVector) Flops(int minibatchSize, Func<ConvolutionLayer, double> ofPass)
    {
        double gradient = 0, product = 0;
        for (int i = 0; i < _passes.Layers.Length; i++)
        {
            double pass = ofPass(_passes.Layers[i]);
            gradient += pass * (i == 0 ? 2 : 3);
            product += pass * (i == 0 ? 3 : i == 1 && !_shape.BatchNorm ? 7 : 8);
        }

        double head = 2.0 * _shape.Channels * _shape.Classes;
        return ((gradient + (3 * head)) * minibatchSize, (product + (8 * head)) * minibatchSize);
    }
}
