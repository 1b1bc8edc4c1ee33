using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Evaluation;

/// <summary>The optimizers of one thread's evaluation tasks, made for the layout and the values of the current task.</summary>
/// <remarks>Not thread-safe. Made again only if the task has another layout or other values.</remarks>
internal sealed class TaskOptimizers(InnerTrainer trainer) : IDisposable
{
    private readonly Dictionary<Baseline, IInnerOptimizer> _baselines = new(ReferenceEqualityComparer.Instance);
    private IOuterTrainableOptimizer? _learned;
    private ParameterLayout _layout = trainer.Layout;
    private UpdateSettings _settings = UpdateSettings.Of(trainer.Setting);

    /// <summary>The optimizer of the run.</summary>
    public IInnerOptimizer Learned
    {
        get
        {
            Fit();
            return _learned ??= OptimizerFactory.Create(trainer.Setting, _layout);
        }
    }

    /// <summary>The optimizer of a baseline.</summary>
    public IInnerOptimizer Of(Baseline baseline)
    {
        Fit();
        if (!_baselines.TryGetValue(baseline, out var optimizer))
            _baselines.Add(baseline, optimizer = baseline.Create(_layout, _settings));
        return optimizer;
    }

    public void Dispose()
    {
        _learned?.Dispose();
        foreach (var baseline in _baselines.Values) baseline.Dispose();
    }

    private void Fit()
    {
        var settings = UpdateSettings.Of(trainer.Setting);
        if (settings == _settings && trainer.Layout.IsSameAs(_layout)) return;
        Dispose();
        (_layout, _settings, _learned) = (trainer.Layout, settings, null);
        _baselines.Clear();
    }
}
