using System.Collections.Immutable;

namespace LoptCluster.Shared.Run;

/// <summary>Numbers and lengths that every state of a problem has.</summary>
/// <param name="Particles">Trajectories that the estimator keeps between truncations.</param>
/// <param name="StateVectors">Vectors of optimizer state that accompany w.</param>
/// <param name="WLength">Padded length of w; null where the layout is not known: any length that fits the optimizer state.</param>
/// <param name="Accumulators">Names of the estimator's further vectors.</param>
public sealed record InnerStateShape(int Particles, int StateVectors, int? WLength, ImmutableArray<string> Accumulators)
{
    /// <returns>In which way the state does not have this shape, as a clause for people; null if it has.</returns>
    public string? MismatchOf(InnerState state)
    {
        if (state.Particles.Length != Particles) return $"it has {state.Particles.Length} particles instead of {Particles}";
        int length = WLength ?? state.Particles[0].W.Length;
        for (int i = 0; i < Particles; i++)
        {
            var particle = state.Particles[i];
            if (particle.W.Length != length || length == 0)
                return $"w of particle {i} has {particle.W.Length} elements instead of {Expected(length)}";
            if (particle.M.Length != (long)length * StateVectors)
                return $"the optimizer state of particle {i} has {particle.M.Length} elements instead of {(long)length * StateVectors}";
        }

        var names = state.Accumulators.Select(a => a.Name);
        return names.SequenceEqual(Accumulators)
            ? null
            : $"its accumulators are '{string.Join(", ", names)}' instead of '{string.Join(", ", Accumulators)}'";
    }

    private static string Expected(int length) => length == 0 ? "at least 1" : $"{length}";
}
