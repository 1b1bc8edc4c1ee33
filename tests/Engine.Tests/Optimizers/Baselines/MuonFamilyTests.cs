using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using Xunit;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

public sealed class MuonFamilyTests() : ScheduledFamilyContract(OptimizerFamilies.Muon, DoubleBaselines.Muon)
{
    private const int Horizon = 100;

    /// <summary>The torch order of axes: kernels [out, in, kh, kw], dense layers [out, in].</summary>
    [Fact]
    public void Update_OutputsFirst_EqualsDefinition()
    {
        var layout = new ParameterLayout(("in", [4, 1, 3, 3]), ("kernel", [6, 4, 3, 3]), ("dense", [19, 5]), ("out", [3, 6]))
        {
            OutputsFirst = true,
        };
        CheckSteps(new OptimizerCase(Family, layout) { T = 30 }, steps: 4, 10 * UpdateTolerance);
    }

    /// <summary>A transposed hidden weight moves by the transposed step: orientation is a matter of memory.</summary>
    [Fact]
    public void Update_TransposedWeight_MovesByTheTransposedStep()
    {
        const int inputs = 5, outputs = 19;
        ParameterLayout engine = new(("in", [2, 2]), ("w", [inputs, outputs]), ("out", [2, 2]));
        ParameterLayout torch = new(("in", [2, 2]), ("w", [outputs, inputs]), ("out", [2, 2])) { OutputsFirst = true };
        OptimizerCase a = new(Family, engine) { T = 30 }, b = new(Family, torch) { T = 30 };
        Transpose(a.G, b.G);
        Transpose(a.WNext, b.WNext);
        Transpose(a.MNext, b.MNext);
        using (var sut = Family.Create(engine, Settings)) sut.Update(a.Theta, a.T, a.G, a.WNext, a.MNext);
        using (var sut = Family.Create(torch, Settings)) sut.Update(b.Theta, b.T, b.G, b.WNext, b.MNext);
        float[] expected = new float[b.WNext.Length];
        Transpose(a.WNext, expected);
        var w = torch.Tensors[1];
        for (int i = w.Offset; i < w.Offset + w.Length; i++) Assert.Equal(expected[i], b.WNext[i], 1e-6);

        void Transpose(float[] from, float[] to)
        {
            for (int i = 0; i < inputs * outputs; i++)
                to[torch.Tensors[1].Offset + (i % outputs * inputs) + (i / outputs)] = from[engine.Tensors[1].Offset + i];
        }
    }

    /// <summary>Input layer, output layer, biases and scales are AdamW's: their second moment moves, that of a hidden weight not.</summary>
    [Fact]
    public void Update_HiddenWeightsAlone_AreOrthogonalized()
    {
        var layout = new ParameterLayout(
            ("W1", [4, 5]), ("b1", [5]), ("W2", [5, 6]), ("scale", [6]), ("conv", [3, 3, 1, 2]), ("W3", [6, 3]), ("b3", [3]));
        Assert.Equal(["W2", "conv"], WithoutSecondMoment(layout));
        Assert.Empty(WithoutSecondMoment(new ParameterLayout(("W1", [4, 5]), ("b1", [5]), ("W2", [5, 3]))));
        Assert.Empty(WithoutSecondMoment(new ParameterLayout(("w", [9]))));
    }

    /// <summary>All singular values of a hidden weight's step are between 0.6 and 1.3 times the rate, times √(outputs / inputs).</summary>
    [Fact]
    public void Update_HiddenWeight_MovesAlikeInAllDirections()
    {
        var layout = new ParameterLayout(("in", [1, 1]), ("w", [2, 8]), ("out", [1, 1]));
        using var sut = Family.Create(layout, Settings);
        float[] w = new float[layout.PaddedLength], m = new float[2 * w.Length], g = new float[w.Length];
        // Two orthogonal rows, one a hundred times the other.
        for (int i = 0; i < 8; i++) (g[16 + i], g[24 + i]) = (i % 2 == 0 ? 1 : -1, 0.01f);
        sut.Update(Family.Theta.Point(("learningRate", 0.5), ("weightDecay", 0), ("warmupShare", 0)), 0, g, w, m);
        foreach (int row in (int[])[16, 24])
            Assert.InRange(Math.Sqrt(w[row..(row + 8)].Sum(x => x * x)), 0.5 * 2 * 0.6, 0.5 * 2 * 1.3);
    }

    private static List<string> WithoutSecondMoment(ParameterLayout layout)
    {
        using var sut = OptimizerFamilies.Muon.Create(layout, new UpdateSettings(Horizon));
        var c = new OptimizerCase(OptimizerFamilies.Muon, layout);
        Array.Clear(c.MNext);
        sut.Update(c.Theta, c.T, c.G, c.WNext, c.MNext);
        return [.. layout.Tensors.Where(t => c.MNext[layout.PaddedLength + t.Offset] == 0).Select(t => t.Name)];
    }
}
