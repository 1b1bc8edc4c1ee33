using System.Globalization;
using LoptCluster.Protocol;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Chaos.Hostile.Expectations;

/// <summary>Which greetings the protocol takes.</summary>
internal static class HelloRules
{
    private const int LongestName = 200;

    /// <summary>Whether an honest worker could greet like that.</summary>
    /// <param name="hello">The greeting.</param>
    /// <param name="honest">An honest one of the same worker.</param>
    public static bool IsPlausible(Hello hello, Hello honest) =>
        hello.WorkerId.Length > 0 && IsName(hello.WorkerId) && IsName(hello.Host) && IsName(hello.Instance)
        && hello.Slots is >= 1 and <= ProtocolLimits.MostSlots
        && hello.EngineVersion == honest.EngineVersion
        && hello.SelfCheck == honest.SelfCheck
        && hello.RunId == honest.RunId
        && hello.DatasetFingerprint.Length == 0 && hello.LayoutFingerprint.Length == 0
        && hello.Held.Select(h => h.ProblemId).Distinct().Count() == hello.Held.Count;

    private static bool IsName(string text) => text.Length <= LongestName && !text.Any(IsControl);

    private static bool IsControl(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;
}
