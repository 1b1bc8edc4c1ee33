using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Tests.InnerProblems.Convnets;

/// <summary>Random parameters near those of a start, a direction, and images.</summary>
internal sealed class ConvnetCase(ConvnetShape shape, int images, int seed = 1)
{
    private readonly ParameterLayout _layout = shape.CreateLayout();
    private RandomStream _random = new(seed, RandomPurpose.InnerInitialization);

    public ConvnetShape Shape => shape;

    public float[] W => field ??= Start();

    public float[] V => field ??= Vector();

    public float[] X => field ??= Draw(images * shape.ImageSize * shape.ImageSize * shape.ImageChannels, 1);

    public int[] Labels => field ??= [.. Enumerable.Range(0, images).Select(_ => _random.NextInt32(shape.Classes))];

    public Minibatch Batch => new(X, Labels);

    public float[] Vector(double std = 1)
    {
        float[] padded = new float[_layout.PaddedLength];
        _layout.Pad(Draw(_layout.Length, std), padded);
        return padded;
    }

    public double[] Wide(float[] padded) => VectorAssert.Wide(_layout, padded);

    private float[] Start()
    {
        float[] w = Vector(0.2);
        foreach (var tensor in _layout.Tensors)
        {
            float gain = tensor.Shape.Length > 1 ? 5 / MathF.Sqrt(tensor.Length / tensor.Shape[^1] / 2f) : 1;
            foreach (ref float value in w.AsSpan(tensor.Offset, tensor.Length))
                value = (value * gain) + (tensor.Name.EndsWith("_scale", StringComparison.Ordinal) ? 1 : 0);
        }

        return w;
    }

    private float[] Draw(int length, double std)
    {
        float[] values = new float[length];
        _random.FillNormal(values, std);
        return values;
    }
}
