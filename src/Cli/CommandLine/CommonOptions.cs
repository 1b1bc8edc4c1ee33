using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json.Nodes;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string?> Preset(string description) => new("--preset", "-p")
    {
        Description = $"{description} One of {string.Join(", ", PresetCatalog.Names)}, or the path of a .toml file.",
        HelpName = "PRESET",
        CompletionSources = { _ => Items(PresetCatalog.Names) },
    };

    public static Option<string?> Data() => new("--data")
    {
        Description = "Folder of images: CIFAR, MNIST and relatives (IDX), Keras or ImageNet 32×32 (npz), or one subfolder per class.",
        HelpName = "DIR",
    };

    /// <param name="greedy">Allows several values after one <c>--set</c>; not for commands whose argument could follow it.</param>
    public static Option<string[]> Set(bool greedy = true) => new("--set")
    {
        Description = "Override a value of the preset; may be repeated. 'lopt config show' lists the keys.",
        HelpName = "key=value",
        AllowMultipleArgumentsPerToken = greedy,
        CompletionSources = { _ => Items(SpecificationKeys.All.Select(key => key.Name + "=")) },
    };

    /// <summary>What a shell may complete.</summary>
    public static IEnumerable<CompletionItem> Items(IEnumerable<string> names) => names.Select(name => new CompletionItem(name));

    /// <summary>The names of the θ that ship with the program, as they stand for a path.</summary>
    public static IEnumerable<CompletionItem> ShippedThetas(CompletionContext context) =>
        Items(ThetaCatalog.Names.Select(name => ThetaCatalog.Prefix + name));

    /// <summary>A shortcut of <c>--set ledger=…</c>.</summary>
    public static Option<SampleLedger?> Ledger()
    {
        string[] words = [.. Enum.GetValues<SampleLedger>().Select(l => SpecificationWord.Of(l))];
        return new Option<SampleLedger?>("--ledger")
        {
            Description = "What the new run keeps of every merged sample: its identity, losses and times ('identities', the default), or "
                + "its measured gradients too ('full'), for 'lopt replay'. Same as --set ledger=….",
            HelpName = string.Join('|', words),
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (Array.IndexOf(words, text) is >= 0 and var index) return Enum.GetValues<SampleLedger>()[index];
                result.AddError($"--ledger '{text}' must be one of {string.Join(", ", words)}.");
                return null;
            },
        };
    }

    /// <summary>The assignment that a <c>--ledger</c> stands for, if it is given.</summary>
    public static IEnumerable<string> LedgerAssignment(SampleLedger? ledger) =>
        ledger is { } chosen ? [$"ledger={SpecificationWord.Of(chosen)}"] : [];

    public static Option<string?> TensorBoard() => new("--tensorboard")
    {
        Description = "Folder for TensorBoard event files (default: the run folder).",
        HelpName = "DIR",
    };

    public static Option<string?> From() => new("--from")
    {
        Description = "Begin a new run from this θ: a theta.safetensors, a theta:NAME of 'lopt theta list', or a run folder, of which the "
            + "version with the lowest outer-train loss is taken. Every key of the specification may differ but 'optimizer'.",
        HelpName = "PATH",
        CompletionSources = { ShippedThetas },
    };

    /// <summary>The word of <see cref="Against"/> for the optimizers that have published hyper-parameters.</summary>
    public const string Published = "published";

    public static Option<string[]> Against() => new("--against")
    {
        Description = "More to compare with: a θ file, such as that of 'lopt tune', a theta:NAME, or 'published' for the optimizers that "
            + "have published hyper-parameters, with these. May be repeated.",
        HelpName = "FILE",
        CompletionSources = { ShippedThetas, _ => Items([Published]) },
    };

    public static Option<int?> Updates() => NumberOptions.Positive(
        "--updates",
        "Prolong the resumed run to N outer-updates in total. From there on the learning rate is that of a run of N updates; the "
            + "truncation length rises on from where it stands, and its ramp ends at the same share of the run as before. A pause ends.",
        "N");

    public static Option<string?> TokenFile(string description) => new("--token-file") { Description = description, HelpName = "FILE" };

    public static Option<bool> InsecureConnection() => new("--insecure")
    {
        Description = "Allow an unencrypted connection to another machine.",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of a table." };

    /// <summary>Of a command that writes files, and takes its time for it.</summary>
    public static Option<bool> JsonResult(string result) => new("--json")
    {
        Description = $"Print {result} as JSON at the end. Progress and everything else that is for people goes to standard error.",
    };

    /// <summary>A number in JSON; null for one that is not finite.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
