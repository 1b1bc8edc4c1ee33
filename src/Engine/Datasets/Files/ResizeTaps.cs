namespace LoptCluster.Engine.Datasets.Files;

/// <summary>How each pixel of a resized row is made of pixels of the row: area averaging down, bilinear interpolation up.</summary>
internal sealed class ResizeTaps
{
    private readonly int[] _first;
    private readonly float[][] _weights;

    public ResizeTaps(int from, int to)
    {
        _first = new int[to];
        _weights = new float[to][];
        for (int i = 0; i < to; i++) (_first[i], _weights[i]) = to < from ? Area(i, from, to) : Bilinear(i, from, to);
    }

    /// <summary>The first source pixel of pixel i.</summary>
    public int First(int i) => _first[i];

    /// <summary>Weights of the source pixels from the first on; they sum to 1.</summary>
    public ReadOnlySpan<float> Weights(int i) => _weights[i];

    /// <summary>Pixel i covers [i from/to, (i + 1) from/to): in units of 1/to all bounds are whole.</summary>
    private static (int First, float[] Weights) Area(int i, int from, int to)
    {
        long start = (long)i * from, end = start + from;
        int first = (int)(start / to), last = (int)((end - 1) / to);
        float[] weights = new float[last - first + 1];
        for (int j = first; j <= last; j++)
        {
            long covered = Math.Min(end, (j + 1L) * to) - Math.Max(start, (long)j * to);
            weights[j - first] = (float)((double)covered / from);
        }

        return (first, weights);
    }

    private static (int First, float[] Weights) Bilinear(int i, int from, int to)
    {
        double centre = Math.Clamp(((i + 0.5) * from / to) - 0.5, 0, from - 1);
        int first = (int)centre;
        double fraction = centre - first;
        return fraction == 0 ? (first, [1f]) : (first, [(float)(1 - fraction), (float)fraction]);
    }
}
