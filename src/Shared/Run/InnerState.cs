using System.Collections.Immutable;

namespace LoptCluster.Shared.Run;

/// <summary>State of an inner-problem between two truncations. One owner at a time: a slot, or a message between slots.</summary>
/// <remarks>Deterministic: (run seed, problem id, θ of every truncation so far) give the same bits on any machine.</remarks>
public sealed class InnerState
{
    /// <summary>Decides task, initial w, minibatches and perturbations.</summary>
    public required long ProblemId { get; init; }

    /// <summary>Inner-step at which the problem ends.</summary>
    public required int Horizon { get; init; }

    /// <summary>t: number of inner-steps done.</summary>
    public int InnerStep { get; set; }

    /// <summary>Index of the next truncation; with the problem id the identity of its sample.</summary>
    public int NextTruncation { get; set; }

    /// <summary>
    /// Trajectories that live on from truncation to truncation; one for an antithetic pair, which goes on from its positive side.
    /// </summary>
    public required ImmutableArray<Particle> Particles { get; init; }

    /// <summary>Further vectors of the estimator; usually none.</summary>
    public ImmutableArray<Accumulator> Accumulators { get; init; } = [];

    public bool Finished => InnerStep >= Horizon;

    /// <summary>Whether every value of the particles and accumulators is finite.</summary>
    public bool IsFinite =>
        Particles.All(p => !p.W.Any(IsNotFinite) && !p.M.Any(IsNotFinite)) && Accumulators.All(a => !a.Values.Any(IsNotFinite));

    public SampleIdentity NextSample => new(ProblemId, NextTruncation);

    /// <summary>Counts a truncation of <paramref name="steps"/> inner-steps; the particles have been moved already.</summary>
    public void Advance(int steps)
    {
        InnerStep += steps;
        NextTruncation++;
    }

    private static bool IsNotFinite(float value) => !float.IsFinite(value);
}
