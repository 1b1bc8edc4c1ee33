namespace LoptCluster.Engine.InnerProblems.Convnets;

/// <summary>Order of the images of a minibatch: first to last, or last to first.</summary>
internal readonly struct ImageOrder(int images, bool upwards)
{
    /// <summary>The image after image n, or −1 after the last.</summary>
    public int After(int n) => upwards ? (n + 1 == images ? -1 : n + 1) : n - 1;

    public ImageOrder Reversed() => new(images, !upwards);

    public Enumerator GetEnumerator() => upwards ? new Enumerator(-1, images, 1) : new Enumerator(images, -1, -1);

    public struct Enumerator(int before, int end, int step)
    {
        public int Current { get; private set; } = before;

        public bool MoveNext() => (Current += step) != end;
    }
}
