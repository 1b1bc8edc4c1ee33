namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>
/// What an evaluation of the MLP leaves of each parameter; enough for its vector-Jacobian product. Padded to whole vectors.
/// </summary>
internal readonly unsafe struct MlpOutputs(float* directions, float* magnitudes, uint* active)
{
    /// <summary>First output o0 of each parameter: the step's direction.</summary>
    public readonly float* Directions = directions;

    /// <summary>Second output o1 of each parameter, until the step is applied.</summary>
    public readonly float* Magnitudes = magnitudes;

    /// <summary>Bit 31 − j: hidden unit j is greater than 0, or NaN. Null: not wanted.</summary>
    public readonly uint* Active = active;

    /// <summary>λ_lin exp(λ_exp o1), by which o0 was multiplied; replaces <see cref="Magnitudes"/> when the step is applied.</summary>
    public float* StepSizes => Magnitudes;

    /// <summary>From the <paramref name="start"/>th parameter on.</summary>
    public MlpOutputs From(int start) => new(Directions + start, Magnitudes + start, Active == null ? null : Active + start);
}
