using LoptCluster.Engine.OuterTraining;
using LoptCluster.Protocol.V1;

namespace LoptCluster.Coordinator.Web;

/// <summary>States, reasons and kinds as people read them.</summary>
internal static class PageWords
{
    public static string Of(RunState state) => Spaced(state.ToString());

    public static string Of(FigureKind kind) => Spaced(kind.ToString());

    /// <summary>Words of a name: WrongEngineVersion becomes "wrong engine version".</summary>
    public static string Spaced(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? " " : "")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
