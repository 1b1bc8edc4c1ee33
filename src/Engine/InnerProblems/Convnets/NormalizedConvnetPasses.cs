using System.Collections.Immutable;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>With batch normalisation every layer waits for the statistics of the whole minibatch: layer by layer over all images.</summary>
internal sealed unsafe class NormalizedConvnetPasses : ConvnetPasses
{
    private readonly ImmutableArray<BatchNormalization> _norms;

    public NormalizedConvnetPasses(ConvnetShape shape, ParameterLayout layout, int maxMinibatch)
        : base(shape, layout, maxMinibatch, imagesAtOnce: maxMinibatch)
    {
        _norms = [.. Layers.Select((layer, i) => new BatchNormalization(
            layer.Geometry, layout.Tensors[(3 * i) + 1], layout.Tensors[(3 * i) + 2], shape.BatchNormEpsilon, maxMinibatch))];
    }

    public override double Loss(float* w, float* x, ReadOnlySpan<int> labels)
    {
        Load(w, null, backward: false);
        int images = labels.Length;
        Forward(w, x, images);
        double loss = 0;
        for (int n = 0; n < images; n++) loss += Head.Loss(n, Layers[^1].Activations[n], labels[n]);
        return loss / images;
    }

    public override double LossAndAddGradient(float* w, float* x, ReadOnlySpan<int> labels, float* gradient)
    {
        Load(w, null, backward: true);
        int images = labels.Length;
        Forward(w, x, images);
        var top = Layers[^1];
        double loss = 0;
        for (int n = 0; n < images; n++) loss += Head.LossAndGradient(n, top.Activations[n], labels[n], 1f / images, top.Gradients[n]);
        for (int i = Layers.Length - 1; i >= 0; i--)
        {
            var layer = Layers[i];
            _norms[i].Backward(w, images, layer.Gradients, gradient);
            for (int n = 0; n < images; n++)
            {
                layer.AddParameterGradient(Input(i, x, n), layer.Gradients[n], null, null);
                if (i > 0) layer.Backward(layer.Gradients[n], Layers[i - 1].Activations[n], Layers[i - 1].Gradients[n]);
            }

            layer.AddParameterGradientTo(gradient);
        }

        Head.AddGradientTo(gradient, images);
        return loss / images;
    }

    public override void AddHessianVectorProduct(float* w, float* v, float* x, ReadOnlySpan<int> labels, float* result)
    {
        Load(w, v, backward: true);
        int images = labels.Length;
        Forward(w, x, images);
        ForwardTangent(w, v, x, images);
        var top = Layers[^1];
        for (int n = 0; n < images; n++)
        {
            Head.GradientAndTangent(
                n, top.Activations[n], top.ActivationTangents[n], labels[n], 1f / images, top.Gradients[n], top.GradientTangents[n]);
        }

        for (int i = Layers.Length - 1; i >= 0; i--)
        {
            _norms[i].BackwardTangent(w, v, images, Layers[i].Gradients, Layers[i].GradientTangents, result);
            for (int n = 0; n < images; n++) BackwardTangent(i, x, n);
            Layers[i].AddParameterGradientTo(result);
        }

        Head.AddGradientTangentTo(result, images);
    }

    public override void Dispose()
    {
        foreach (var norm in _norms) norm.Dispose();
        base.Dispose();
    }

    private float* Input(int layer, float* x, int n) => layer == 0 ? Image(x, n) : Layers[layer - 1].Activations[n];

    private void Forward(float* w, float* x, int images)
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            for (int n = 0; n < images; n++) Layers[i].Forward(Input(i, x, n), w, _norms[i].Normalized[n]);
            _norms[i].Forward(w, images, Layers[i].Activations);
        }
    }

    private void ForwardTangent(float* w, float* v, float* x, int images)
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            _norms[i].EnsureTangents();
            for (int n = 0; n < images; n++)
            {
                float* tangent = i == 0 ? null : Layers[i - 1].ActivationTangents[n];
                Layers[i].ForwardTangent(Input(i, x, n), tangent, v, null, _norms[i].NormalizedTangents[n]);
            }

            _norms[i].ForwardTangent(w, v, images, Layers[i].Activations, Layers[i].ActivationTangents);
        }
    }

    private void BackwardTangent(int i, float* x, int n)
    {
        var layer = Layers[i];
        float* g = layer.Gradients[n];
        float* tangent = layer.GradientTangents[n];
        float* inputTangent = i == 0 ? null : Layers[i - 1].ActivationTangents[n];
        layer.AddParameterGradient(Input(i, x, n), tangent, inputTangent, g);
        if (i == 0) return;
        var below = Layers[i - 1];
        layer.BackwardTangent(g, tangent, below.Activations[n], below.GradientTangents[n]);
        layer.Backward(g, below.Activations[n], below.Gradients[n]);
    }
}
