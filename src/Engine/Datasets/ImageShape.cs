namespace LoptCluster.Engine.Datasets;

/// <summary>Shape of one image: [Size, Size, Channels], NHWC.</summary>
public readonly record struct ImageShape(int Size, int Channels)
{
    /// <summary>Numbers in one image.</summary>
    public int Length => Size * Size * Channels;
}
