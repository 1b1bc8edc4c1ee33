namespace LoptCluster.Engine.Verification;

/// <summary>One quantity of a golden case: how far the engine's value is from the 64-bit reference.</summary>
/// <param name="Name">"L", "g_rp" …, as in the file's <c>tolerance_float32</c>.</param>
/// <param name="RelativeError">‖engine − reference‖₂ / ‖reference‖₂, the worst over the case's parts; absolute where the reference is
/// zero.</param>
/// <param name="Tolerance">Allowed error in float32; null: float32 cannot resolve the quantity, it is not compared.</param>
public sealed record GoldenQuantity(string Name, double RelativeError, double? Tolerance)
{
    public bool Compared => Tolerance is not null;

    /// <summary>Whether the error is within the tolerance; an error of NaN is not.</summary>
    public bool Passed => !Compared || RelativeError <= Tolerance;
}
