namespace LoptCluster.Engine.Evaluation;

/// <summary>Losses of one run by step: their capped mean, and the mean of each interval for a curve.</summary>
/// <param name="steps">T.</param>
/// <param name="intervals">Intervals that the steps are divided into.</param>
internal sealed class LossCurve(int steps, CurveIntervals intervals, double cap)
{
    private double _sum;
    private double _stretch;
    private int _count;
    private int _start;
    private int _point;
    private int _capped;

    /// <summary>Mean of each interval.</summary>
    public float[] Points { get; } = new float[intervals.Count(steps)];

    /// <summary>Number of most recent consecutive steps whose loss reached the cap or was not finite.</summary>
    public int StepsAtCap => _capped;

    /// <summary>Lower bound of the mean over all steps, since no loss is negative.</summary>
    public double LeastMean => _sum / steps;

    public void Add(double loss)
    {
        double capped = loss < cap ? loss : cap;
        _capped = loss < cap ? 0 : _capped + 1;
        _sum += capped;
        _stretch += capped;
        _count++;
        if (_count == intervals.End(_point, steps))
        {
            Points[_point++] = (float)(_stretch / (_count - _start));
            (_start, _stretch) = (_count, 0);
        }
    }

    /// <summary>Counts the missing steps at the cap and returns the mean over all steps.</summary>
    public double Finish()
    {
        while (_count < steps) Add(cap);
        return _sum / steps;
    }
}
