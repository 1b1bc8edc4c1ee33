namespace LoptCluster.Engine.Numerics.Convolution;

/// <summary>Scalar twins of <see cref="ConvolutionKernels"/>: the definition, over plain arrays [H, W, C] and [3, 3, in, out].</summary>
internal static class ConvolutionScalar
{
    /// <summary>
    /// Computes y[i, j, o] = Σ x[i·s + kh − before, j·s + kw − before, c] w[kh, kw, c, o] with stride s; x is 0 outside its bounds.
    /// </summary>
    public static void Forward(ConvolutionGeometry g, ReadOnlySpan<float> x, ReadOnlySpan<float> w, Span<double> y)
    {
        y.Clear();
        foreach (var (input, output, tap) in Products(g))
        {
            for (int c = 0; c < g.InputChannels; c++)
            {
                for (int o = 0; o < g.OutputChannels; o++)
                {
                    double weight = w[(((tap * g.InputChannels) + c) * g.OutputChannels) + o];
                    y[(output * g.OutputChannels) + o] += x[(input * g.InputChannels) + c] * weight;
                }
            }
        }
    }

    /// <summary>Computes the gradient of x, given the gradient <paramref name="gy"/> of y.</summary>
    public static void BackwardData(ConvolutionGeometry g, ReadOnlySpan<float> gy, ReadOnlySpan<float> w, Span<double> gx)
    {
        gx.Clear();
        foreach (var (input, output, tap) in Products(g))
        {
            for (int c = 0; c < g.InputChannels; c++)
            {
                for (int o = 0; o < g.OutputChannels; o++)
                {
                    double weight = w[(((tap * g.InputChannels) + c) * g.OutputChannels) + o];
                    gx[(input * g.InputChannels) + c] += gy[(output * g.OutputChannels) + o] * weight;
                }
            }
        }
    }

    /// <summary>Computes the gradient of w, given the gradient <paramref name="gy"/> of y.</summary>
    public static void BackwardWeights(ConvolutionGeometry g, ReadOnlySpan<float> x, ReadOnlySpan<float> gy, Span<double> gw)
    {
        gw.Clear();
        foreach (var (input, output, tap) in Products(g))
        {
            for (int c = 0; c < g.InputChannels; c++)
            {
                for (int o = 0; o < g.OutputChannels; o++)
                {
                    gw[(((tap * g.InputChannels) + c) * g.OutputChannels) + o] +=
                        (double)x[(input * g.InputChannels) + c] * gy[(output * g.OutputChannels) + o];
                }
            }
        }
    }

    /// <summary>All triples (input pixel, output pixel, tap) whose product contributes to the result.</summary>
    private static IEnumerable<(int Input, int Output, int Tap)> Products(ConvolutionGeometry g)
    {
        for (int output = 0; output < g.OutputSize * g.OutputSize; output++)
        {
            for (int tap = 0; tap < 9; tap++)
            {
                int row = (output / g.OutputSize * g.Stride) + (tap / 3) - g.Before;
                int column = (output % g.OutputSize * g.Stride) + (tap % 3) - g.Before;
                if (row >= 0 && row < g.InputSize && column >= 0 && column < g.InputSize)
                    yield return ((row * g.InputSize) + column, output, tap);
            }
        }
    }
}
