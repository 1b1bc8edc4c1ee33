using BenchmarkDotNet.Attributes;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Benchmarks.Optimizers;

/// <summary>
/// One update of the learned optimizer, and its vector-Jacobian product: one tensor of the size of the small net, of the convnet.
/// </summary>
[MemoryDiagnoser]
public class MlpOptimizerBenchmarks
{
    private IOuterTrainableOptimizer _sut = null!;
    private MlpReference _scalar = null!;
    private float[] _theta = [];
    private float[] _g = [];
    private float[] _w = [];
    private float[] _m = [];
    private float[] _wCotangent = [];
    private float[] _mCotangent = [];
    private float[] _gCotangent = [];
    private double[] _thetaCotangent = [];
    private float[] _wNext = [];
    private float[] _mNext = [];
    private float[] _intermediates = [];

    [Params(2_410, 19_722)]
    public int Parameters { get; set; }

    [Params(OptimizerKind.Mlp16, OptimizerKind.Mlp31, OptimizerKind.Mlp20, OptimizerKind.Mlp28)]
    public OptimizerKind Kind { get; set; }

    private UpdateCotangents Cotangents => new() { W = _wCotangent, M = _mCotangent, G = _gCotangent, Theta = _thetaCotangent };

    [GlobalSetup]
    public void Setup()
    {
        var layout = new ParameterLayout(("w", [Parameters]));
        _sut = OptimizerFamilies.Of(Kind).Create(layout, new UpdateSettings(InnerSteps: 10_000));
        _scalar = new MlpReference(MlpShape.Of(Kind), layout, new UpdateSettings(InnerSteps: 10_000));
        (_theta, _thetaCotangent) = (OptimizerFamilies.Of(Kind).InitialTheta(seed: 1), new double[_sut.ThetaLength]);
        (_g, _w, _wCotangent) = (Floats.Parameters(layout, 1), Floats.Parameters(layout, 2), Floats.Parameters(layout, 3));
        (_gCotangent, _m) = (new float[_g.Length], new float[_g.Length * _sut.StateVectors]);
        _mCotangent = new float[_m.Length];
        (_wNext, _mNext, _intermediates) = (new float[_w.Length], new float[_m.Length], new float[_sut.IntermediatesLength]);
        UpdateWithIntermediates();
    }

    [Benchmark(Baseline = true)]
    public void Scalar() => _scalar.Update(_theta, 5, _g, _w, _m);

    [Benchmark]
    public void Update() => _sut.Update(_theta, 5, _g, _w, _m);

    [Benchmark]
    public void VectorJacobianProduct() =>
        _sut.VectorJacobianProduct(new MadeUpdate { Theta = _theta, T = 5, G = _g, W = _w, M = _m, MNext = _m }, Cotangents);

    [Benchmark]
    public void UpdateWithIntermediates() => _sut.Update(_theta, 5, _g, _w, _m, _wNext, _mNext, _intermediates);

    [Benchmark]
    public void VectorJacobianProductWithIntermediates() =>
        _sut.VectorJacobianProduct(
            new MadeUpdate { Theta = _theta, T = 5, G = _g, W = _w, M = _m, MNext = _mNext, Intermediates = _intermediates }, Cotangents);
}
