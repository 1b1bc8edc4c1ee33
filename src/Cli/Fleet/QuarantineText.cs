using System.Globalization;
using System.Text;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Fleet;

/// <summary>What audits have found, as lines for people.</summary>
internal static class QuarantineText
{
    public static string Of(Quarantine quarantine)
    {
        var text = new StringBuilder();
        string agreed = Count(quarantine.SamplesAgreed, "sample");
        Line(text, $"{agreed} computed again by another worker agreed; {quarantine.SamplesWaiting} waiting");
        if (quarantine.Workers.Count == 0) Line(text, $"no worker is in quarantine");
        foreach (var worker in quarantine.Workers) Add(text, worker);
        foreach (var dispute in quarantine.Disputes)
        {
            string parties = string.Join(" and ", dispute.Parties.Select(p => $"{p.WorkerId} on {p.Host}"));
            Line(text, $"undecided: sample {dispute.ProblemId}/{dispute.Truncation} of {parties}: {dispute.Difference}");
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, QuarantinedWorker worker)
    {
        Line(text, $"{worker.WorkerId} on {worker.Host}, since {Time(worker.UnixMilliseconds)}");
        Line(text, $"    {worker.Finding}");
        string since = worker.AgreedUnixMilliseconds == 0
            ? "no sample of it was ever found right"
            : $"the newest that was found right came at {Time(worker.AgreedUnixMilliseconds)}";
        string merged = worker.SamplesMerged == 0
            ? "none that came later is part of θ"
            : $"{Count(worker.SamplesMerged, "sample")} that came later {(worker.SamplesMerged == 1 ? "is" : "are")} part of θ, from "
                + $"outer-update {worker.Merged[0].OuterUpdate} on";
        Line(text, $"    {Count(worker.SamplesDropped, "sample")} dropped before the merge; {since}; {merged}");
        foreach (var updates in worker.Merged.GroupBy(m => m.OuterUpdate))
            Line(text, $"        {updates.Key}: {string.Join(", ", updates.Select(m => $"{m.ProblemId}/{m.Truncation}"))}");
        if (worker.SamplesMerged > worker.Merged.Count) Line(text, $"        … {worker.SamplesMerged - worker.Merged.Count} more");
    }

    private static string Count(long number, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {what}{(number == 1 ? "" : "s")}");

    private static string Time(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds)
        .ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
