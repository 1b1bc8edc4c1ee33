namespace LoptCluster.Cli.Fleet;

/// <summary>A comparison that a coordinator is asked to serve.</summary>
/// <param name="Theta">θ file, theta:NAME or run folder.</param>
/// <param name="Preset">Preset whose tasks to compare on; null: the run that trained θ.</param>
/// <param name="Data">Folder of image files; null: none is known here.</param>
/// <param name="Set">key=value overrides.</param>
/// <param name="Against">More to compare with: θ files, or "published".</param>
/// <param name="Run">Folder of the comparison; null: a new one.</param>
internal sealed record ComparisonRequest(
    string Theta, string? Preset, string? Data, string[] Set, string[] Against, string? Run);
