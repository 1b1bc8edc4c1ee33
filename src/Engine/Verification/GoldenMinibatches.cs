using System.Text.Json;
using LoptCluster.Engine.Minibatches;

namespace LoptCluster.Engine.Verification;

/// <summary>The minibatches that a golden case lists by row, step i of the truncation being inner-step t0 + i.</summary>
internal sealed class GoldenMinibatches : IMinibatches
{
    private readonly long _startStep;
    private readonly Rows _inner;
    private readonly Rows _outer;

    public GoldenMinibatches(JsonElement data, JsonElement inner, JsonElement outer, long startStep)
    {
        _startStep = startStep;
        _inner = new Rows(data, inner);
        _outer = new Rows(data, outer);
    }

    public int Largest => Math.Max(_inner.Largest, _outer.Largest);

    public Minibatch Inner(long t) => _inner.At((int)(t - _startStep));

    public Minibatch Outer(long t, int draw) => _outer.At((int)(t - _startStep));

    private sealed class Rows
    {
        private readonly (float[] Inputs, int[] Labels)[] _batches = [];

        public Rows(JsonElement data, JsonElement batches)
        {
            if (!GoldenCase.Has(batches, "split")) return;
            var split = data.GetProperty(batches.GetProperty("split").GetString()!);
            float[] x = GoldenCase.Floats(split.GetProperty("x"));
            int[] y = GoldenCase.Integers(split.GetProperty("y"));
            int length = x.Length / y.Length;
            _batches = [.. batches.GetProperty("indices").EnumerateArray().Select(GoldenCase.Integers).Select(rows =>
                (rows.SelectMany(r => x.AsSpan(r * length, length).ToArray()).ToArray(), rows.Select(r => y[r]).ToArray()))];
        }

        public int Largest => _batches.Length == 0 ? 0 : _batches.Max(b => b.Labels.Length);

        public Minibatch At(int step) => _batches.Length == 0 ? default : new Minibatch(_batches[step].Inputs, _batches[step].Labels);
    }
}
