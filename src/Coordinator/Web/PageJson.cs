using System.Text.Json.Serialization;

namespace LoptCluster.Coordinator.Web;

/// <summary>How the page's data is written, made at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(FiniteNumberConverter)])]
[JsonSerializable(typeof(LiveEvent))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(WorkersView))]
[JsonSerializable(typeof(ThetaListView))]
[JsonSerializable(typeof(ErrorView))]
[JsonSerializable(typeof(StateView))]
internal sealed partial class PageJson : JsonSerializerContext;
