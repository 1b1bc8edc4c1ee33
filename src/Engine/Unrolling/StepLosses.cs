namespace LoptCluster.Engine.Unrolling;

/// <summary>
/// The outer-losses of one forward sweep, and L of them (§2.1): their mean, or the last alone, each counted as at most the cap.
/// </summary>
/// <remarks>Owned by one <see cref="Unroller"/>; grows to the longest truncation seen.</remarks>
internal sealed class StepLosses(UnrollOptions options)
{
    private double[] _values = [];
    private int _steps;

    /// <summary>Uncapped; NaN or ∞ where they overflowed.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _steps);

    /// <summary>The last step that sends back a gradient; −1: none does.</summary>
    public int LastLiveStep { get; private set; }

    public double this[int step]
    {
        set => _values[step] = value;
    }

    public void Begin(int steps)
    {
        if (_values.Length < steps) _values = new double[steps];
        _steps = steps;
    }

    /// <summary>Below the cap and finite. (NaN compares false; −∞ is the overflow of a sum with a negative term.)</summary>
    public bool IsLive(int step) => _values[step] < options.LossCap && _values[step] > double.NegativeInfinity;

    /// <summary>L, and which step is the last live one.</summary>
    public double Summarize()
    {
        double sum = 0;
        LastLiveStep = -1;
        for (int i = options.FinalLossOnly ? _steps - 1 : 0; i < _steps; i++)
        {
            if (IsLive(i)) LastLiveStep = i;
            sum += IsLive(i) ? _values[i] : options.LossCap;
        }

        return options.FinalLossOnly ? sum : sum / _steps;
    }
}
