using System.Text.Json;

namespace LoptCluster.Engine.Verification;

/// <summary>Reads a golden case's JSON and collects the errors found. Arrays are flat and row-major.</summary>
internal sealed class GoldenCase(JsonElement root)
{
    private readonly Dictionary<string, double> _errors = [];
    private readonly HashSet<string> _withoutReference = [];

    public JsonElement Root { get; } = root;

    public JsonElement Expected { get; } = root.GetProperty("expected");

    public string Kind { get; } = root.GetProperty("kind").GetString()!;

    public static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(x => (float)x.GetDouble())];

    public static double[] Doubles(JsonElement array) =>
        [.. array.EnumerateArray().Select(x => x.ValueKind == JsonValueKind.Null ? double.NaN : x.GetDouble())];

    public static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(x => x.GetInt32())];

    public static bool Has(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public void Compare(string quantity, ReadOnlySpan<float> actual, JsonElement expected)
    {
        double[] wide = new double[actual.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = actual[i];
        Compare(quantity, wide, Doubles(expected));
    }

    public void Compare(string quantity, double actual, double expected) => Compare(quantity, [actual], [expected]);

    /// <summary>Keeps the worst relative L2 error seen for a quantity.</summary>
    public void Compare(string quantity, ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length)
            throw new FormatException($"{quantity}: the engine gives {actual.Length} numbers, the case expects {expected.Length}.");
        double difference = 0, norm = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }

        Note(quantity, norm == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / norm));
    }

    /// <summary>Compares with a number, or, if the case gives none (null), notes whether the engine's is finite.</summary>
    public void CompareIfGiven(string quantity, double actual, JsonElement expected)
    {
        if (expected.ValueKind != JsonValueKind.Null)
        {
            Compare(quantity, actual, expected.GetDouble());
            return;
        }

        _withoutReference.Add(quantity);
        Note(quantity, double.IsFinite(actual) ? 0 : double.NaN);
    }

    /// <summary>Element by element, for quantities whose elements differ by orders of magnitude.</summary>
    public void CompareEach(string quantity, ReadOnlySpan<double> actual, ReadOnlySpan<double> expected)
    {
        for (int i = 0; i < actual.Length; i++) Compare(quantity, actual[i], expected[i]);
    }

    public GoldenReport Report()
    {
        var quantities = new List<GoldenQuantity>();
        foreach (var tolerance in Root.GetProperty("tolerance_float32").EnumerateObject())
        {
            bool compared = tolerance.Value.ValueKind != JsonValueKind.Null;
            if (!_errors.TryGetValue(tolerance.Name, out double error))
            {
                if (compared)
                    throw new FormatException($"the case has a tolerance for {tolerance.Name}, which the verifier does not compute");
                error = double.NaN;
            }

            quantities.Add(new GoldenQuantity(tolerance.Name, error, compared ? tolerance.Value.GetDouble() : null)
            {
                HasReference = !_withoutReference.Contains(tolerance.Name),
            });
        }

        return new GoldenReport(Root.GetProperty("name").GetString()!, Kind, quantities);
    }

    private void Note(string quantity, double error)
    {
        if (!_errors.TryGetValue(quantity, out double worst) || double.IsNaN(error) || error > worst) _errors[quantity] = error;
    }
}
