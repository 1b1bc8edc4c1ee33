using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>Keeps the end of one side until its whole step is complete, so that a cancelled step leaves the state as it was.</summary>
/// <remarks>Grows to the largest layout seen.</remarks>
internal sealed class EndState
{
    private float[] _w = [];
    private float[] _m = [];
    private int _wLength;
    private int _mLength;

    public bool IsFinite
    {
        get
        {
            foreach (float value in _w.AsSpan(0, _wLength))
            {
                if (!float.IsFinite(value)) return false;
            }

            return true;
        }
    }

    /// <summary>Keeps the end of the unroller's last forward sweep.</summary>
    public void Keep(Unroller unroller)
    {
        _wLength = Keep(unroller.FinalW, ref _w);
        _mLength = Keep(unroller.FinalM, ref _m);
    }

    public void MoveTo(Particle particle) => particle.Set(_w.AsSpan(0, _wLength), _m.AsSpan(0, _mLength));

    private static int Keep(ReadOnlySpan<float> values, ref float[] kept)
    {
        if (kept.Length < values.Length) kept = new float[values.Length];
        values.CopyTo(kept);
        return values.Length;
    }
}
