namespace LoptCluster.Engine.Verification;

/// <summary>One quantity of a golden case: how far the engine's value is from the 64-bit reference.</summary>
/// <param name="Name">"L", "g_rp" …, as in the file's <c>tolerance_float32</c>.</param>
/// <param name="RelativeError">‖engine − reference‖₂ / ‖reference‖₂, the worst over the case's parts; absolute where the reference is
/// zero; without a reference, 0 if the engine's value is finite, NaN if not.</param>
/// <param name="Tolerance">Allowed error in float32; null: float32 cannot resolve the quantity, it is not compared.</param>
public sealed record GoldenQuantity(string Name, double RelativeError, double? Tolerance)
{
    /// <summary>False if the case gives no number, because the reference's is not finite: then the engine's must be finite.</summary>
    public bool HasReference { get; init; } = true;

    public bool Compared => Tolerance is not null;

    /// <summary>Whether the error is within the tolerance; an error of NaN is not.</summary>
    public bool Passed => !Compared || RelativeError <= Tolerance;
}
