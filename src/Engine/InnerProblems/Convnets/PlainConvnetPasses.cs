using System.Runtime.CompilerServices;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>
/// Convnet without batch normalisation: images are independent, and each goes through all passes with its maps in the second-level cache.
/// </summary>
/// <remarks>
/// A gradient can leave each image's activations and gradients of the ReLUs' inputs for a Hessian-vector product, which then recomputes
/// neither. Not stored are the first layer's, whose maps are the largest and the cheapest to compute, and the last layer's gradient, which
/// the head computes.
/// </remarks>
internal sealed unsafe class PlainConvnetPasses(ConvnetShape shape, ParameterLayout layout, int maxMinibatch)
    : ConvnetPasses(shape, layout, maxMinibatch, meanwhile: null)
{
    public override int IntermediatesLength { get; } = IntermediatesOf(shape);

    public override double Loss(float* w, float* x, ReadOnlySpan<int> labels)
    {
        Load(w, null, backward: false);
        double loss = 0;
        for (int n = 0; n < labels.Length; n++) loss += Head.Loss(n, Forward(w, Image(x, n)), labels[n]);
        return loss / labels.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override double LossAndAddGradient(float* w, float* x, ReadOnlySpan<int> labels, float* gradient, float* intermediates)
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
                layer.AddParameterGradient(layer.Gradients);
                layer.Backward(layer.Gradients, below.Activations, below.Gradients);
            }

            Layers[0].AddParameterGradient(Layers[0].Gradients);
            if (intermediates != null) Keep(intermediates + ((nint)n * IntermediatesLength));
        }

        foreach (var layer in Layers) layer.AddParameterGradientTo(gradient);
        Head.AddGradientTo(gradient, labels.Length);
        return loss / labels.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddHessianVectorProduct(
        float* w, float* v, float* x, ReadOnlySpan<int> labels, float* intermediates, float* result)
    {
        Load(w, v, backward: true);
        float share = 1f / labels.Length;
        for (int n = 0; n < labels.Length; n++)
        {
            float* image = Image(x, n);
            var top = Layers[^1];
            if (intermediates == null) Forward(w, image);
            else Restore(w, image, intermediates + ((nint)n * IntermediatesLength));
            float* map = top.Activations;
            float* tangent = ForwardTangent(v);
            Head.GradientAndTangent(n, map, tangent, labels[n], share, top.Gradients, top.GradientTangents);
            BackwardTangent(hasGradients: intermediates != null);
        }

        foreach (var layer in Layers) layer.AddParameterGradientTo(result);
        Head.AddGradientTangentTo(result, labels.Length);
    }

    /// <summary>Computes and returns the last map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* Forward(float* w, float* x)
    {
        foreach (var layer in Layers)
        {
            layer.SetInput(x);
            layer.Forward(w, layer.Activations);
            x = layer.Activations;
        }

        return x;
    }

    /// <summary>Computes and returns the tangent R of the last map.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* ForwardTangent(float* v)
    {
        float* tangent = null;
        foreach (var layer in Layers)
        {
            layer.SetInputTangent(tangent);
            layer.ForwardTangent(v, layer.Activations, layer.ActivationTangents);
            tangent = layer.ActivationTangents;
        }

        return tangent;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardTangent(bool hasGradients)
    {
        for (int i = Layers.Length - 1; i > 0; i--)
        {
            var (layer, below) = (Layers[i], Layers[i - 1]);
            float* g = layer.Gradients;
            float* tangent = layer.GradientTangents;
            float* x = below.Activations;
            layer.AddParameterGradientTangent(g, tangent);
            layer.BackwardTangent(g, tangent, x, below.GradientTangents);

            // The image has no tangent, so the first layer's own gradient is not needed.
            if (i > 1 && !hasGradients) layer.Backward(g, x, below.Gradients);
        }

        Layers[0].AddParameterGradientTangent(null, Layers[0].GradientTangents);
    }

    /// <summary>Floats per image: activations of all layers but the first, gradients of all but the first and the last.</summary>
    private static int IntermediatesOf(ConvnetShape shape)
    {
        int size = shape.ImageSize, length = 0;
        for (int i = 0; i < shape.Strides.Length; i++)
        {
            size = (size + shape.Strides[i] - 1) / shape.Strides[i];
            int maps = i == 0 ? 0 : i == shape.Strides.Length - 1 ? 1 : 2;
            length += maps * size * size * RowPacking.Stride(shape.Channels);
        }

        return length;
    }

    private void Keep(float* to)
    {
        for (int i = 1; i < Layers.Length; i++)
        {
            to = Layers[i].CopyOut(Layers[i].Activations, to);
            if (i < Layers.Length - 1) to = Layers[i].CopyOut(Layers[i].Gradients, to);
        }
    }

    /// <summary>Restores the maps stored by <see cref="Keep"/>; the first layer's activations are recomputed.</summary>
    private void Restore(float* w, float* image, float* from)
    {
        Layers[0].SetInput(image);
        Layers[0].Forward(w, Layers[0].Activations);
        for (int i = 1; i < Layers.Length; i++)
        {
            Layers[i].SetInput(Layers[i - 1].Activations);
            from = Layers[i].CopyIn(from, Layers[i].Activations);
            if (i < Layers.Length - 1) from = Layers[i].CopyIn(from, Layers[i].Gradients);
        }
    }
}
