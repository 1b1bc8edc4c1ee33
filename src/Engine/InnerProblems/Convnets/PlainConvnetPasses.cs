using System.Runtime.CompilerServices;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Without batch normalisation images do not meet: each goes through all passes by itself, its maps in the second-level cache.</summary>
internal sealed unsafe class PlainConvnetPasses(ConvnetShape shape, ParameterLayout layout, int maxMinibatch)
    : ConvnetPasses(shape, layout, maxMinibatch, meanwhile: null)
{
    public override double Loss(float* w, float* x, ReadOnlySpan<int> labels)
    {
        Load(w, null, backward: false);
        double loss = 0;
        for (int n = 0; n < labels.Length; n++) loss += Head.Loss(n, Forward(w, Image(x, n)), labels[n]);
        return loss / labels.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double LossAndAddGradient(float* w, float* x, ReadOnlySpan<int> labels, float* gradient)
    {
        Load(w, null, backward: true);
        float share = 1f / labels.Length;
        double loss = 0;
        for (int n = 0; n < labels.Length; n++)
        {
            float* image = Image(x, n);
            loss += Head.LossAndGradient(n, Forward(w, image), labels[n], share, Layers[^1].Gradients);
            for (int i = Layers.Length - 1; i > 0; i--)
            {
                var (layer, below) = (Layers[i], Layers[i - 1]);
                layer.AddParameterGradient(below.Activations, layer.Gradients, null, null);
                layer.Backward(layer.Gradients, below.Activations, below.Gradients);
            }

            Layers[0].AddParameterGradient(image, Layers[0].Gradients, null, null);
        }

        foreach (var layer in Layers) layer.AddParameterGradientTo(gradient);
        Head.AddGradientTo(gradient, labels.Length);
        return loss / labels.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddHessianVectorProduct(float* w, float* v, float* x, ReadOnlySpan<int> labels, float* result)
    {
        Load(w, v, backward: true);
        float share = 1f / labels.Length;
        for (int n = 0; n < labels.Length; n++)
        {
            float* image = Image(x, n);
            float* map = Forward(w, image);
            float* tangent = ForwardTangent(v, image);
            var top = Layers[^1];
            Head.GradientAndTangent(n, map, tangent, labels[n], share, top.Gradients, top.GradientTangents);
            BackwardTangent(image);
        }

        foreach (var layer in Layers) layer.AddParameterGradientTo(result);
        Head.AddGradientTangentTo(result, labels.Length);
    }

    /// <summary>The last map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* Forward(float* w, float* x)
    {
        foreach (var layer in Layers)
        {
            layer.Forward(x, w, layer.Activations);
            x = layer.Activations;
        }

        return x;
    }

    /// <summary>R of the last map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* ForwardTangent(float* v, float* x)
    {
        float* tangent = null;
        foreach (var layer in Layers)
        {
            layer.ForwardTangent(x, tangent, v, layer.Activations, layer.ActivationTangents);
            x = layer.Activations;
            tangent = layer.ActivationTangents;
        }

        return tangent;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardTangent(float* image)
    {
        for (int i = Layers.Length - 1; i > 0; i--)
        {
            var (layer, below) = (Layers[i], Layers[i - 1]);
            float* g = layer.Gradients;
            float* tangent = layer.GradientTangents;
            float* x = below.Activations;
            layer.AddParameterGradient(x, tangent, below.ActivationTangents, g);
            layer.BackwardTangent(g, tangent, x, below.GradientTangents);

            // The image has no tangent, so the first layer's own gradient is not needed.
            if (i > 1) layer.Backward(g, x, below.Gradients);
        }

        Layers[0].AddParameterGradient(image, Layers[0].GradientTangents, null, null);
    }
}
