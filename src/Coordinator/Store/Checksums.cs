using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace LoptCluster.Coordinator.Store;

/// <summary>
/// Checksums (XXH3, 64 bits) of what a run cannot be continued without, over the columns as the file has them. SQLite has none of its own:
/// without them a flipped bit of θ would go unnoticed.
/// </summary>
internal static class Checksums
{
    /// <summary>Checksums of the file, by what they are of. A waiting sample has its own in its row.</summary>
    public const string Table = """
        CREATE TABLE checksums (
            item TEXT NOT NULL, id INTEGER NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (item, id)) WITHOUT ROWID;
        """;

    public const string Theta = "theta", Optimizer = "outer_optimizer", Average = "theta_average", RpShare = "rp_share", State = "state";

    /// <summary>Item of a value of the table <c>run</c>.</summary>
    public static string Value(string key) => $"run.{key}";

    public static long OfValue(string value) => Of(Encoding.UTF8.GetBytes(value));

    public static long OfTheta(byte[] values, double rpShare, double? truncationSteps) =>
        Of(values, Bytes(rpShare), Bytes(truncationSteps ?? -1));

    public static long OfOptimizer(long step, IEnumerable<byte[]> vectors) => Of([Bytes(step), .. vectors]);

    public static long OfAverage(long updates, byte[] sum) => Of(Bytes(updates), sum);

    public static long OfRpShare(long updates, byte[] gain, byte[] cost) => Of(Bytes(updates), gain, cost);

    public static long OfState(byte[] state) => Of(state);

    /// <param name="thetaVersion">θ that the sample was computed at.</param>
    /// <param name="startStep">Inner-step of its start.</param>
    /// <param name="steps">k.</param>
    /// <param name="losses">L⁺ and L⁻, or L.</param>
    /// <param name="gradients">Values of those that are finite, by the names of their estimators.</param>
    public static long OfSample(long thetaVersion, long startStep, long steps, byte[] losses, IEnumerable<byte[]> gradients) =>
        Of([Bytes(thetaVersion), Bytes(startStep), Bytes(steps), losses, .. gradients]);

    public static long OfPart(long task, long optimizer, byte[] losses, long setting, byte[] trainCurve, byte[] validCurve) =>
        Of(Bytes(task), Bytes(optimizer), losses, Bytes(setting), trainCurve, validCurve);

    private static byte[] Bytes<T>(T number)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in number)).ToArray();

    private static long Of(params ReadOnlySpan<byte[]> parts)
    {
        var hash = new XxHash3();
        foreach (byte[] part in parts) hash.Append(part);
        return (long)hash.GetCurrentHashAsUInt64();
    }
}
