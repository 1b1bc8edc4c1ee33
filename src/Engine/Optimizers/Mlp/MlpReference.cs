using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>
/// The scalar twin of <see cref="MlpOptimizer"/>: obvious loops in float, with what happens in between. For tests and golden cases.
/// </summary>
internal sealed class MlpReference(MlpShape shape, ParameterLayout layout, float stepScale = 1e-3f, float exponentScale = 1e-3f)
{
    /// <summary>Time inputs of the last step, [9].</summary>
    public float[] Time { get; } = new float[MlpShape.Timescales.Length];

    /// <summary>The seven normalised base vectors (g, momenta, w) of each parameter, padded order: [PaddedLength, 7].</summary>
    public float[] Features { get; } = new float[layout.PaddedLength * MlpShape.BaseVectors];

    /// <summary>o[0], o[1] of each parameter: [PaddedLength, 2].</summary>
    public float[] Outputs { get; } = new float[layout.PaddedLength * 2];

    /// <summary>What was subtracted from w.</summary>
    public float[] Step { get; } = new float[layout.PaddedLength];

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        TimeFeatures.Fill(t, Time);
        for (int f = 0; f < MlpShape.Momenta; f++)
        {
            float keep = (float)MlpShape.Decays[f], take = (float)(1 - MlpShape.Decays[f]);
            for (int i = 0; i < g.Length; i++) m[(f * g.Length) + i] = (keep * m[(f * g.Length) + i]) + (take * g[i]);
        }

        foreach (var tensor in layout.Tensors) UpdateTensor(tensor, theta, g, w, m);
    }

    private void UpdateTensor(
        ParameterTensor tensor, ReadOnlySpan<float> theta, ReadOnlySpan<float> g, Span<float> w, ReadOnlySpan<float> m)
    {
        Span<float> meanSquares = stackalloc float[MlpShape.BaseVectors];
        for (int f = 0; f < MlpShape.BaseVectors; f++)
        {
            double sum = 0;
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Length; i++) sum += Math.Pow(Base(f, i, g, w, m), 2);
            meanSquares[f] = (float)(sum / tensor.Length);
        }

        Span<float> inputs = stackalloc float[shape.Inputs];
        for (int i = tensor.Offset; i < tensor.Offset + tensor.Length; i++)
        {
            for (int f = 0; f < MlpShape.BaseVectors; f++)
                Features[(i * MlpShape.BaseVectors) + f] = Base(f, i, g, w, m) / MathF.Sqrt(MlpShape.NormalizerEpsilon + meanSquares[f]);
            FillInputs(inputs, i, meanSquares, g, w, m);
            var (direction, magnitude) = Evaluate(theta, inputs);
            Outputs[2 * i] = direction;
            Outputs[(2 * i) + 1] = magnitude;
            Step[i] = stepScale * direction * (float)Math.Exp(exponentScale * magnitude);
        }

        for (int i = tensor.Offset; i < tensor.Offset + tensor.Length; i++) w[i] -= Step[i];
    }

    private void FillInputs(
        Span<float> inputs, int i, ReadOnlySpan<float> meanSquares, ReadOnlySpan<float> g, ReadOnlySpan<float> w, ReadOnlySpan<float> m)
    {
        inputs.Clear();
        foreach (var (row, vector, scale) in shape.VectorRows)
            inputs[row] = scale * Base(vector, i, g, w, m) / MathF.Sqrt(MlpShape.NormalizerEpsilon + (scale * scale * meanSquares[vector]));
        foreach (var (row, value) in shape.ConstantRows) inputs[row] = value;
        Time.CopyTo(inputs[shape.FirstTimeRow..]);
    }

    private (float Direction, float Magnitude) Evaluate(ReadOnlySpan<float> theta, ReadOnlySpan<float> inputs)
    {
        float direction = theta[shape.Bias2], magnitude = theta[shape.Bias2 + 1];
        for (int j = 0; j < MlpShape.Hidden; j++)
        {
            float h = theta[shape.Bias1 + j];
            for (int r = 0; r < inputs.Length; r++) h += theta[(r * MlpShape.Hidden) + j] * inputs[r];
            if (!(h > 0)) h = float.IsNaN(h) ? h : 0;
            direction += h * theta[shape.Weights2 + (2 * j)];
            magnitude += h * theta[shape.Weights2 + (2 * j) + 1];
        }

        return (direction, magnitude);
    }

    private static float Base(int vector, int i, ReadOnlySpan<float> g, ReadOnlySpan<float> w, ReadOnlySpan<float> m) => vector switch
    {
        0 => g[i],
        MlpShape.WeightVector => w[i],
        _ => m[((vector - 1) * g.Length) + i],
    };
}
