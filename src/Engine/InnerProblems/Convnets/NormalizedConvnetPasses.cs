using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>
/// Convnet with batch normalisation: every layer needs the statistics of the whole minibatch, so the passes go layer by layer over all
/// images.
/// </summary>
/// <remarks>
/// The layers' own maps hold one image, as the convolutions require; <see cref="BatchNormalization"/> stores those of the minibatch. Each
/// loop over the images runs in the opposite direction of the previous one, so that it starts with the images that are still in the cache;
/// the data of the next image are fetched while the current one is convolved. y is a layer's output, Ry its derivative in the direction v.
/// </remarks>
internal sealed unsafe class NormalizedConvnetPasses : ConvnetPasses
{
    private readonly ImmutableArray<BatchNormalization> _norms;
    private readonly CacheLines _lines;

    public NormalizedConvnetPasses(ConvnetShape shape, ParameterLayout layout, int maxMinibatch)
        : this(shape, layout, maxMinibatch, new CacheLines())
    {
    }

    private NormalizedConvnetPasses(ConvnetShape shape, ParameterLayout layout, int maxMinibatch, CacheLines lines)
        : base(shape, layout, maxMinibatch, lines)
    {
        _lines = lines;
        _norms = [.. Layers.Select((layer, i) => new BatchNormalization(
            layer.Geometry, layout.Tensors[(3 * i) + 1], layout.Tensors[(3 * i) + 2], shape.BatchNormEpsilon, maxMinibatch))];
    }

    /// <summary>Always 0: the intermediate values would be the very maps that a product has to read anyway.</summary>
    public override int IntermediatesLength => 0;

    public override double Loss(float* w, float* x, ReadOnlySpan<int> labels)
    {
        Load(w, null, backward: false);
        int images = labels.Length;
        var order = Forward(w, x, images);
        double loss = 0;
        foreach (int n in order) loss += Head.Loss(n, Activate(Layers.Length - 1, w, n), labels[n]);
        return loss / images;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double LossAndAddGradient(float* w, float* x, ReadOnlySpan<int> labels, float* gradient, float* intermediates)
    {
        Load(w, null, backward: true);
        int images = labels.Length, top = Layers.Length - 1;
        var order = Forward(w, x, images);
        double loss = 0;
        foreach (int n in order)
        {
            loss += Head.LossAndGradient(n, Activate(top, w, n), labels[n], 1f / images, Layers[top].Gradients);
            _norms[top].AddGradient(n, Layers[top].Gradients);
        }

        for (int i = top; i >= 0; i--)
        {
            _norms[i].EndGradients(w, images, gradient);
            order = order.Reversed();
            foreach (int n in order) Backward(i, w, x, n, order.After(n));
            Layers[i].AddParameterGradientTo(gradient);
        }

        Head.AddGradientTo(gradient, images);
        return loss / images;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddHessianVectorProduct(
        float* w, float* v, float* x, ReadOnlySpan<int> labels, float* intermediates, float* result)
    {
        Load(w, v, backward: true);
        int images = labels.Length, top = Layers.Length - 1;
        var layer = Layers[top];
        var order = ForwardTangent(w, v, x, images);
        foreach (int n in order)
        {
            float* y = Activate(top, w, n);
            Head.GradientAndTangent(n, y, ActivateTangent(top, w, v, n), labels[n], 1f / images, layer.Gradients, layer.GradientTangents);
            _norms[top].AddGradientAndTangent(n, layer.Gradients, layer.GradientTangents);
        }

        for (int i = top; i >= 0; i--)
        {
            _norms[i].EndGradientsAndTangents(w, v, images, result);
            order = order.Reversed();
            foreach (int n in order) BackwardTangent(i, w, v, x, n, order.After(n));
            Layers[i].AddParameterGradientTo(result);
        }

        Head.AddGradientTangentTo(result, images);
    }

    public override void Dispose()
    {
        foreach (var norm in _norms) norm.Dispose();
        base.Dispose();
    }

    /// <summary>Output y of layer i for image n, valid until the next call for that layer.</summary>
    private float* Activate(int i, float* w, int n)
    {
        _norms[i].Activate(n, w, Layers[i].Activations);
        return Layers[i].Activations;
    }

    /// <summary>Tangent Ry of layer i for image n; call <see cref="Activate"/> first.</summary>
    private float* ActivateTangent(int i, float* w, float* v, int n)
    {
        _norms[i].ActivateTangent(n, w, v, Layers[i].Activations, Layers[i].ActivationTangents);
        return Layers[i].ActivationTangents;
    }

    /// <summary>Input of layer i's convolution.</summary>
    private float* Input(int i, float* w, float* x, int n) => i == 0 ? Image(x, n) : Activate(i - 1, w, n);

    /// <returns>Order of the images for the next loop.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ImageOrder Forward(float* w, float* x, int images)
    {
        var order = new ImageOrder(images, upwards: true);
        for (int i = 0; i < Layers.Length; i++, order = order.Reversed())
        {
            var layer = Layers[i];
            _norms[i].Begin();
            foreach (int n in order)
            {
                float* input = Input(i, w, x, n);
                FetchForward(i, x, order.After(n), tangents: false);

                // The layer's gradients are not in use yet: their memory holds the convolution's output.
                layer.SetInput(input);
                layer.Forward(w, layer.Gradients);
                _norms[i].AddSums(n, layer.Gradients);
            }

            _norms[i].EndSums(images);
        }

        return order;
    }

    /// <inheritdoc cref="Forward"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ImageOrder ForwardTangent(float* w, float* v, float* x, int images)
    {
        var order = new ImageOrder(images, upwards: true);
        for (int i = 0; i < Layers.Length; i++, order = order.Reversed())
        {
            var layer = Layers[i];
            _norms[i].EnsureTangents();
            _norms[i].Begin();
            foreach (int n in order)
            {
                float* input = Input(i, w, x, n);
                float* inputTangent = i == 0 ? null : ActivateTangent(i - 1, w, v, n);
                FetchForward(i, x, order.After(n), tangents: true);
                layer.SetInput(input);
                layer.Forward(w, layer.Gradients);
                layer.SetInputTangent(inputTangent);
                layer.ForwardTangent(v, null, layer.GradientTangents);
                _norms[i].AddSumsAndTangents(n, layer.Gradients, layer.GradientTangents);
            }

            _norms[i].EndSums(images);
        }

        return order;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Backward(int i, float* w, float* x, int n, int next)
    {
        var layer = Layers[i];
        _norms[i].Backward(n, layer.Gradients);
        float* input = Input(i, w, x, n);
        FetchBackward(i, x, next, tangents: false);
        layer.SetInput(input);
        layer.AddParameterGradient(layer.Gradients);
        if (i == 0) return;
        var below = Layers[i - 1];
        layer.Backward(layer.Gradients, input, below.Gradients);
        _norms[i - 1].AddGradient(n, below.Gradients);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardTangent(int i, float* w, float* v, float* x, int n, int next)
    {
        var layer = Layers[i];
        float* gradient = layer.Gradients;
        float* tangent = layer.GradientTangents;
        _norms[i].BackwardTangent(n, gradient, tangent);
        float* input = Input(i, w, x, n);
        float* inputTangent = i == 0 ? null : ActivateTangent(i - 1, w, v, n);
        FetchBackward(i, x, next, tangents: true);
        layer.SetInput(input);
        layer.SetInputTangent(inputTangent);
        layer.AddParameterGradientTangent(gradient, tangent);
        if (i == 0) return;
        var below = Layers[i - 1];
        layer.BackwardTangent(gradient, tangent, input, below.GradientTangents);
        layer.Backward(gradient, input, below.Gradients);
        _norms[i - 1].AddGradientAndTangent(n, below.Gradients, below.GradientTangents);
    }

    /// <summary>
    /// Queues, for fetching during the forward pass of layer i, the data that image <paramref name="next"/> (−1: none) needs there.
    /// </summary>
    private void FetchForward(int i, float* x, int next, bool tangents)
    {
        _lines.Begin(Layers[i].ForwardFetches * (tangents ? 2 : 1));
        if (next < 0) return;
        _norms[i].FetchSums(_lines, next, tangents);
        FetchInput(i, x, next, tangents);
    }

    /// <summary>
    /// Queues, for fetching during the backward pass of layer i, the data that image <paramref name="next"/> (−1: none) needs there.
    /// </summary>
    private void FetchBackward(int i, float* x, int next, bool tangents)
    {
        int calls = Layers[i].ParameterGradientFetches;
        if (i > 0) calls += Layers[i].BackwardFetches * (tangents ? 2 : 1);
        _lines.Begin(calls);
        if (next < 0) return;
        if (i > 0) _norms[i - 1].FetchGradients(_lines, next, tangents);
        FetchInput(i, x, next, tangents);
        _norms[i].FetchGradients(_lines, next, tangents);
        _norms[i].FetchSums(_lines, next, tangents);
    }

    private void FetchInput(int i, float* x, int next, bool tangents)
    {
        if (i > 0)
        {
            _norms[i - 1].FetchSums(_lines, next, tangents);
            return;
        }

        var g = Layers[0].Geometry;
        int length = g.InputSize * g.InputSize * g.InputChannels;
        _lines.Add(x + ((nint)next * length), length);
    }
}
