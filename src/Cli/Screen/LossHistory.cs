using LoptCluster.Engine.OuterTraining;

namespace LoptCluster.Cli.Screen;

/// <summary>The outer-loss along a run in bounded memory: when it is full, every second value is removed.</summary>
/// <remarks>Owned by the screen; not thread-safe.</remarks>
internal sealed class LossHistory
{
    private const int Capacity = 512;
    private readonly List<double> _values = new(Capacity);
    private long _lastUpdate = -1;
    private long _stride = 1;

    public IReadOnlyList<double> Values => _values;

    public void Add(ScreenRun view)
    {
        if (view[UpdateFigureTable.OuterLoss] is not { } loss || view.OuterUpdate < _lastUpdate + _stride) return;
        _lastUpdate = view.OuterUpdate;
        _values.Add(loss);
        if (_values.Count < Capacity) return;
        for (int i = 0; i < Capacity / 2; i++) _values[i] = _values[2 * i];
        _values.RemoveRange(Capacity / 2, Capacity / 2);
        _stride *= 2;
    }
}
