namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>How far the libtorch side was taken.</summary>
internal enum TapeStyle
{
    /// <summary>Well written: parameters in one vector, a loop for the normaliser alone, every step on the tape.</summary>
    Tuned,

    /// <summary>
    /// Rewritten for this one measurement: the first gradient, which does not depend on θ, and the last, which reaches no loss, are left
    /// off the tape, and normalisers are matrix products.
    /// </summary>
    HandTuned,
}
