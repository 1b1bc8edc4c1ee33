namespace LoptCluster.Engine.Datasets.Files;

/// <summary>
/// Source pixels and weights of each pixel of a resized row: area averaging to reduce, bilinear interpolation to enlarge.
/// </summary>
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

    /// <summary>Index of the first source pixel of pixel i.</summary>
    public int First(int i) => _first[i];

    /// <summary>Weights of consecutive source pixels, starting with the first; they sum to 1.</summary>
    public ReadOnlySpan<float> Weights(int i) => _weights[i];

    /// <summary>
    /// Area weights of pixel i, which covers [i from/to, (i + 1) from/to): in units of 1/to all bounds are whole numbers.
    /// </summary>
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
