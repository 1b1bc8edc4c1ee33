using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.InnerProblems.FullyConnected;

/// <summary>Fully connected network: ReLU layers of any number and width, a linear layer, softmax cross-entropy (App. F).</summary>
/// <remarks>
/// Tensors W1 [in, units], b1, W2, b2, …; the last pair is the output layer. The Hessian-vector product is Pearlmutter's R-operator: Rz =
/// xV + (Rx) W for a direction V, through forward and backward pass. A whole minibatch goes through one layer at a time. A call takes
/// microseconds, so its methods skip tiered compilation: the first tier would cost more than the kernels.
/// </remarks>
public sealed unsafe class FullyConnectedProblem : IInnerProblem
{
    private readonly ImmutableArray<DenseLayer> _layers;
    private readonly SoftmaxBatch _softmax;

    /// <param name="inputLength">Number of inputs of one example.</param>
    /// <param name="hiddenUnits">Units of each hidden layer; empty for softmax regression.</param>
    public FullyConnectedProblem(int inputLength, ReadOnlySpan<int> hiddenUnits, int classes, int maxMinibatch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxMinibatch);
        InputLength = inputLength;
        MaxMinibatch = maxMinibatch;
        int[] widths = [inputLength, .. hiddenUnits, classes];
        var tensors = new (string, int[])[2 * (widths.Length - 1)];
        for (int i = 1; i < widths.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(widths[i], nameof(hiddenUnits));
            tensors[2 * (i - 1)] = ($"W{i}", [widths[i - 1], widths[i]]);
            tensors[(2 * i) - 1] = ($"b{i}", [widths[i]]);
        }

        Layout = new ParameterLayout(tensors);
        _layers = [.. Enumerable.Range(0, widths.Length - 1)
            .Select(i => new DenseLayer(Layout.Tensors[2 * i], Layout.Tensors[(2 * i) + 1], maxMinibatch, isFirst: i == 0))];
        _softmax = new SoftmaxBatch(classes);
    }

    public ParameterLayout Layout { get; }

    public int InputLength { get; }

    public int MaxMinibatch { get; }

    private DenseLayer Output => _layers[^1];

    public (double Gradient, double HessianVector) Flops(int minibatchSize)
    {
        // In units of one layer's forward pass. First layer: z and ∇W; z, Rz and R∇W. A later layer also propagates δ; the product needs
        // Rδ (two terms) from all of them, δ itself from all but the second.
        double gradient = 0, product = 0;
        for (int i = 0; i < _layers.Length; i++)
        {
            double pass = 2.0 * _layers[i].Inputs * _layers[i].Outputs * minibatchSize;
            gradient += pass * (i == 0 ? 2 : 3);
            product += pass * (i == 0 ? 3 : i == 1 ? 7 : 8);
        }

        return (gradient, product);
    }

    public double HessianVectorFlopsWithIntermediates(int minibatchSize)
    {
        // Saved are z of every layer, and δ of the layer below for all but the first two.
        double product = Flops(minibatchSize).HessianVector;
        for (int i = 0; i < _layers.Length; i++) product -= 2.0 * _layers[i].Inputs * _layers[i].Outputs * minibatchSize * (i < 2 ? 1 : 2);
        return product;
    }

    public int IntermediatesLength(int minibatchSize)
    {
        int columns = 0;
        for (int i = 0; i < _layers.Length; i++) columns += _layers[i].Stride * (KeepsDeltas(i) ? 2 : 1);
        return columns * minibatchSize;
    }

    public void Initialize(ref RandomStream random, Span<float> w)
    {
        w[..Layout.PaddedLength].Clear();
        foreach (var tensor in Layout.Tensors)
        {
            if (tensor.Shape.Length != 2) continue;
            float limit = MathF.Sqrt(6f / (tensor.Shape[0] + tensor.Shape[1]));
            foreach (ref float weight in w.Slice(tensor.Offset, tensor.Length)) weight = ((2 * random.NextSingle()) - 1) * limit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double Loss(ReadOnlySpan<float> w, Minibatch batch)
    {
        ProblemArguments.Check(this, w.Length, batch);
        fixed (float* pw = w, x = batch.Inputs)
        {
            Place(null, 0);
            Forward(pw, x, batch.Size);
            return _softmax.Loss(Output.Values, batch.Labels);
        }
    }

    public (double Loss, double Accuracy) LossAndAccuracy(ReadOnlySpan<float> w, Minibatch batch)
    {
        // The loss leaves the logits in the output layer.
        double loss = Loss(w, batch);
        return (loss, _softmax.Accuracy(Output.Values, batch.Labels));
    }

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient) =>
        LossAndGradient(w, batch, gradient, default);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient, Span<float> intermediates)
    {
        ProblemArguments.Check(this, w.Length, batch);
        ProblemArguments.CheckVector(this, gradient.Length, nameof(gradient));
        ProblemArguments.CheckIntermediates(this, intermediates.Length, batch);
        int rows = batch.Size;
        fixed (float* pw = w, x = batch.Inputs, g = gradient, kept = intermediates)
        {
            float* logits = Place(kept, rows);
            Forward(pw, x, rows);
            if (kept != null) Logits(rows).CopyTo(new Span<float>(logits, rows * Output.Stride));
            double loss = _softmax.LossAndDelta(Output.Values, batch.Labels);
            float* delta = Output.Values;
            for (int i = _layers.Length - 1; i > 0; i--)
            {
                var layer = _layers[i];
                var below = _layers[i - 1];
                layer.WeightGradient(rows, below.Values, null, below.Stride, delta, null, g, accumulate: false);
                DenseKernels.Multiply(layer.Backward(below, rows, delta, layer.TransposedWeights(pw), below.Deltas));
                delta = below.Deltas;
            }

            _layers[0].WeightGradient(rows, x, null, InputLength, delta, null, g, accumulate: false);
            return loss;
        }
    }

    public void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator) =>
        AddHessianVectorProduct(w, v, batch, default, accumulator);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddHessianVectorProduct(
        ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, ReadOnlySpan<float> intermediates, Span<float> accumulator)
    {
        ProblemArguments.Check(this, w.Length, batch);
        ProblemArguments.CheckVector(this, v.Length, nameof(v));
        ProblemArguments.CheckVector(this, accumulator.Length, nameof(accumulator));
        ProblemArguments.CheckIntermediates(this, intermediates.Length, batch);
        int rows = batch.Size;
        fixed (float* pw = w, pv = v, x = batch.Inputs, hv = accumulator, kept = intermediates)
        {
            float* logits = Place(kept, rows);
            if (kept == null) Forward(pw, x, rows);
            else new Span<float>(logits, rows * Output.Stride).CopyTo(Logits(rows));
            Tangents(pw, pv, x, rows);
            _softmax.LossAndDeltaWithTangent(Output.Values, Output.Tangents, batch.Labels);
            float* delta = Output.Values;
            float* deltaTangent = Output.Tangents;
            for (int i = _layers.Length - 1; i > 0; i--)
            {
                var layer = _layers[i];
                var below = _layers[i - 1];
                layer.WeightGradient(rows, below.Values, below.Tangents, below.Stride, deltaTangent, delta, hv, accumulate: true);
                float* transposed = layer.TransposedWeights(pw);
                var back = layer.Backward(below, rows, deltaTangent, transposed, below.DeltaTangents);
                back.A2 = delta;
                back.B2 = layer.TransposedWeightTangents(pv);
                DenseKernels.Multiply(back);
                // The first layer's input has no tangent, so its δ is not needed.
                if (i > 1 && kept == null) DenseKernels.Multiply(layer.Backward(below, rows, delta, transposed, below.Deltas));
                delta = below.Deltas;
                deltaTangent = below.DeltaTangents;
            }

            _layers[0].WeightGradient(rows, x, null, InputLength, deltaTangent, null, hv, accumulate: true);
        }
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        _softmax.Dispose();
    }

    /// <summary>
    /// Whether δ of a layer is kept: the softmax computes the last layer's, and a product does not need the first layer's.
    /// </summary>
    private bool KeepsDeltas(int layer) => layer > 0 && layer < _layers.Length - 1;

    private Span<float> Logits(int rows) => new(Output.Values, rows * Output.Stride);

    /// <summary>
    /// Places the layers' values and deltas in <paramref name="kept"/>; null: in their own memory. The logits stay in their own, where they
    /// are overwritten.
    /// </summary>
    /// <returns>Destination of the logits that are kept.</returns>
    private float* Place(float* kept, int rows)
    {
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            int length = kept == null ? 0 : rows * _layers[i].Stride;
            float* deltas = KeepsDeltas(i) ? kept + length : null;
            _layers[i].Place(kept, deltas);
            kept += KeepsDeltas(i) ? 2 * length : length;
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Forward(float* w, float* x, int rows)
    {
        nint stride = InputLength;
        foreach (var layer in _layers)
        {
            DenseKernels.Multiply(layer.Forward(rows, x, stride, layer.Weights(w), w + layer.BiasOffset) with { Relu = layer != Output });
            x = layer.Values;
            stride = layer.Stride;
        }
    }

    /// <summary>Computes the tangents R of the activations and logits, which must be present.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Tangents(float* w, float* v, float* x, int rows)
    {
        float* tangent = null;
        nint stride = InputLength;
        foreach (var layer in _layers)
        {
            var product = layer.Forward(rows, x, stride, layer.WeightTangents(v), v + layer.BiasOffset);
            product.A2 = tangent;
            product.B2 = tangent == null ? null : layer.Weights(w);
            product.C = layer.Tangents;
            product.Mask = layer == Output ? null : layer.Values;
            DenseKernels.Multiply(product);
            x = layer.Values;
            tangent = layer.Tangents;
            stride = layer.Stride;
        }
    }
}
