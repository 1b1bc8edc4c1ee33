namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>
/// What an evaluation of the MLP leaves of each parameter; enough for its vector-Jacobian product. Padded to whole vectors.
/// </summary>
internal readonly unsafe struct MlpOutputs(float* directions, float* steps, uint* active)
{
    /// <summary>First output o0 of each parameter: the step's direction.</summary>
    public readonly float* Directions = directions;

    /// <summary>o1; once the step is applied λ_lin exp(λ_exp o1), by which o0 was multiplied.</summary>
    public readonly float* Steps = steps;

    /// <summary>Bit 31 − j: hidden unit j is greater than 0, or NaN. Null: nobody asks for it.</summary>
    public readonly uint* Active = active;

    /// <summary>From the <paramref name="start"/>th parameter on.</summary>
    public MlpOutputs From(int start) => new(Directions + start, Steps + start, Active == null ? null : Active + start);
}
