using LoptCluster.Protocol.V1;

namespace LoptCluster.Cli.Screen;

/// <summary>Something that deserves attention, as the coordinator words it.</summary>
/// <param name="Kind">What it is about, for programs.</param>
/// <param name="Severity">How urgent it is.</param>
/// <param name="Text">Full sentences.</param>
internal sealed record RunNotice(string Kind, NoticeSeverity Severity, string Text)
{
    public static RunNotice From(Notice notice) => new(notice.Kind, notice.Severity, notice.Text);
}
