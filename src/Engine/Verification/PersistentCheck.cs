using System.Text.Json;
using LoptCluster.Engine.Estimation;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// Several truncations in a row of a persistent pair that trains: L⁺, L⁻, g_pes or g_nres, g_rp, and both particles at the end of each.
/// </summary>
internal static class PersistentCheck
{
    public static void Run(GoldenCase golden)
    {
        var root = golden.Root;
        JsonElement[] truncations = [.. root.GetProperty("truncations").EnumerateArray()];
        float[] theta = GoldenCase.Floats(root.GetProperty("theta"));
        var (estimator, formed, e) = Estimator(root, truncations);
        var options = new EstimatorOptions(
            new GivenPerturbations(root.GetProperty("sigma").GetDouble(), p => e[p.Truncation]), theta.Length);
        var data = GoldenCase.Has(root, "data") ? root.GetProperty("data") : default;
        var batches = truncations.Select(t => (t.GetProperty("inner_batches"), t.GetProperty("outer_batches"))).ToArray();

        var start = root.GetProperty("start");
        int t0 = start.GetProperty("t0").GetInt32();
        int largest = batches.Max(b => new GoldenMinibatches(data, b.Item1, b.Item2, 0).Largest);
        using var problem = GoldenProblem.Create(root.GetProperty("problem"), Math.Max(1, largest));
        using var optimizer = OptimizerFactory.Create(new RunSpecification { Optimizer = OptimizerKind.Mlp16 }, problem.Layout);
        using var unroller = new Unroller(problem.Layout, optimizer, TruncationCheck.Options(truncations[0], "before_update"));
        var measuring = estimator.Method.CreateEstimator(options, TimeProvider.System);
        var forming = estimator.Method.CreateFormation(options);

        var state = measuring.Begin(
            0, int.MaxValue, ProblemCheck.Padded(problem.Layout, GoldenCase.Floats(start.GetProperty("w"))), optimizer.StateVectors);
        state.InnerStep = t0;
        var expected = golden.Expected.GetProperty("truncations").EnumerateArray().GetEnumerator();
        for (int j = 0; j < truncations.Length && expected.MoveNext(); j++)
        {
            var sample = new GradientSample
            {
                Identity = state.NextSample,
                ThetaVersion = 0,
                StartStep = state.InnerStep,
                Steps = truncations[j].GetProperty("k").GetInt32(),
                Losses = [],
                ProblemFinished = false,
            };
            var measurement = measuring.Step(
                new EstimatorRequest
                {
                    State = state,
                    Theta = theta,
                    Steps = sample.Steps,
                    Problem = problem,
                    Minibatches = new GoldenMinibatches(data, batches[j].Item1, batches[j].Item2, sample.StartStep),
                    Unroller = unroller,
                    Gradients = estimator.Measured,
                },
                CancellationToken.None);
            sample = sample with { Losses = measurement.Losses, Gradients = measurement.Gradients };
            Compare(golden, expected.Current, sample, forming.Gradients(sample).ToDictionary(g => g.Estimator, g => g.Values), formed);
            CompareParticles(golden, expected.Current, problem, state);
        }
    }

    /// <summary>The estimator that measures everything the case lists, the gradient that it forms, and e of each truncation.</summary>
    private static (EstimatorDefinition Estimator, EstimatorId Formed, float[][] E) Estimator(JsonElement root, JsonElement[] truncations)
    {
        string name = root.GetProperty("estimator").GetString()!;
        return name switch
        {
            "pes" => (
                EstimatorRegistry.Find(Shared.Specification.Estimator.MergedPes),
                EstimatorId.Pes,
                [.. truncations.Select(t => GoldenCase.Floats(t.GetProperty("e")))]),
            "nres" => (
                EstimatorRegistry.Find(Shared.Specification.Estimator.MergedNres),
                EstimatorId.Nres,
                [GoldenCase.Floats(root.GetProperty("e"))]),
            _ => throw new FormatException($"unknown estimator '{name}'"),
        };
    }

    private static void Compare(
        GoldenCase golden,
        JsonElement expected,
        GradientSample sample,
        Dictionary<EstimatorId, ReadOnlyMemory<float>> gradients,
        EstimatorId formed)
    {
        golden.Compare("L_plus", sample.Losses[0], expected.GetProperty("L_plus").GetDouble());
        golden.Compare("L_minus", sample.Losses[1], expected.GetProperty("L_minus").GetDouble());
        golden.Compare("g", gradients[formed].Span, expected.GetProperty("g"));
        if (!gradients.TryGetValue(EstimatorId.Rp, out var gradientRp))
            throw new FormatException("g_rp is finite in the case and not in the engine");
        golden.Compare("g_rp", gradientRp.Span, expected.GetProperty("g_rp"));
    }

    private static void CompareParticles(GoldenCase golden, JsonElement expected, IInnerProblem problem, InnerState state)
    {
        foreach (var (name, particle) in (ReadOnlySpan<(string, int)>)[("w_plus", 0), ("w_minus", 1)])
        {
            float[] w = new float[problem.Layout.Length];
            problem.Layout.Compact(state.Particles[particle].W, w);
            golden.Compare(name, w, expected.GetProperty(name));
        }
    }
}
