using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>
/// The scalar twin of <see cref="MlpOptimizer"/>: obvious loops in float, with what happens in between. For tests and golden cases.
/// </summary>
internal sealed class MlpReference(MlpShape shape, ParameterLayout layout, UpdateSettings settings)
{
    private readonly MlpShape _shape = shape.With(settings);
    private readonly float _exponentScale = (float)settings.ExponentScale;
    private float _stepScale;

    /// <summary>Inputs of time of the last step, [9], and those of the task, [0 or 4].</summary>
    public float[] StepInputs { get; } = new float[shape.StepInputs];

    /// <summary>The seven normalised base vectors (g, momenta, w) of each parameter, padded order: [PaddedLength, 7].</summary>
    public float[] Features { get; } = new float[layout.PaddedLength * MlpShape.BaseVectors];

    /// <summary>o[0], o[1] of each parameter: [PaddedLength, 2].</summary>
    public float[] Outputs { get; } = new float[layout.PaddedLength * 2];

    /// <summary>What was subtracted from w.</summary>
    public float[] Step { get; } = new float[layout.PaddedLength];

    public void Update(ReadOnlySpan<float> theta, long t, ReadOnlySpan<float> g, Span<float> w, Span<float> m)
    {
        _stepScale = (float)settings.StepScaleAt(t);
        TimeFeatures.Fill(settings, t, StepInputs);
        if (shape.TaskInputs > 0) new TaskFeatures(settings).Fill(t, StepInputs.AsSpan(MlpShape.Timescales.Length));
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
        Span<float> meanSquares = stackalloc float[MlpShape.BaseVectors], squareSums = stackalloc float[MlpShape.BaseVectors];
        for (int f = 0; f < MlpShape.BaseVectors; f++)
        {
            double sum = 0;
            for (int i = tensor.Offset; i < tensor.Offset + tensor.Length; i++) sum += Math.Pow(Base(f, i, g, w, m), 2);
            (meanSquares[f], squareSums[f]) = ((float)(sum / tensor.Length), (float)sum);
        }

        Span<float> tensorInputs = stackalloc float[shape.TensorInputs];
        if (shape.TensorInputs > 0) TensorFeatures.Fill(squareSums, tensor.Length, tensorInputs);

        Span<float> inputs = stackalloc float[shape.Inputs];
        for (int i = tensor.Offset; i < tensor.Offset + tensor.Length; i++)
        {
            for (int f = 0; f < MlpShape.BaseVectors; f++)
                Features[(i * MlpShape.BaseVectors) + f] = Base(f, i, g, w, m) / MathF.Sqrt(MlpShape.NormalizerEpsilon + meanSquares[f]);
            FillInputs(inputs, i, meanSquares, tensorInputs, g, w, m);
            var (direction, magnitude) = Evaluate(theta, inputs);
            Outputs[2 * i] = direction;
            Outputs[(2 * i) + 1] = magnitude;
            Step[i] = _stepScale * direction * (float)Math.Exp(_exponentScale * magnitude);
        }

        for (int i = tensor.Offset; i < tensor.Offset + tensor.Length; i++) w[i] -= Step[i];
    }

    private void FillInputs(
        Span<float> inputs,
        int i,
        ReadOnlySpan<float> meanSquares,
        ReadOnlySpan<float> tensorInputs,
        ReadOnlySpan<float> g,
        ReadOnlySpan<float> w,
        ReadOnlySpan<float> m)
    {
        inputs.Clear();
        foreach (var (row, vector, scale) in _shape.VectorRows)
            inputs[row] = scale * Base(vector, i, g, w, m) / MathF.Sqrt(MlpShape.NormalizerEpsilon + (scale * scale * meanSquares[vector]));
        foreach (var (row, value) in shape.ConstantRows) inputs[row] = value;
        StepInputs.CopyTo(inputs[shape.FirstStepRow..]);
        tensorInputs.CopyTo(inputs[shape.FirstTensorRow..]);
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
