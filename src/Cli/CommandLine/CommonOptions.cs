using System.CommandLine;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Options that several commands take.</summary>
internal static class CommonOptions
{
    public static Option<string?> Preset(string description) => new("--preset", "-p")
    {
        Description = $"{description} One of {string.Join(", ", PresetCatalog.Names)}, or a path to a .toml file.",
        HelpName = "PRESET",
    };

    public static Option<string?> Data() => new("--data")
    {
        Description = "Folder of image files: CIFAR-10/100 binary, MNIST IDX, ImageNet 32×32 npz, or a folder of images per class.",
        HelpName = "DIR",
    };

    /// <param name="greedy">Several values may follow one <c>--set</c>. Not where an argument could come after it.</param>
    public static Option<string[]> Set(bool greedy = true) => new("--set")
    {
        Description = "A value on top of the preset's; may be repeated. `lopt config show` lists the keys.",
        HelpName = "key=value",
        AllowMultipleArgumentsPerToken = greedy,
    };

    public static Option<string?> TensorBoard() => new("--tensorboard") { Description = "Folder of the event files for TensorBoard; the run folder if not said.", HelpName = "DIR" };

    public static Option<string?> TokenFile(string description) => new("--token-file") { Description = description, HelpName = "FILE" };

    public static Option<string?> CertificateAuthority() => new("--ca")
    {
        Description = "PEM file with the certificate authority to trust instead of the system's.",
        HelpName = "FILE",
    };

    public static Option<bool> InsecureConnection() => new("--insecure") { Description = "Allow an unencrypted connection to another machine." };

    public static Option<bool> Json() => new("--json") { Description = "JSON instead of a table." };

    /// <summary>A whole number of at least 1.</summary>
    public static Option<int?> Positive(string name, string description, string helpName)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1) result.AddError($"{name} {result.GetValueOrDefault<int?>()}: must be at least 1.");
        });
        return option;
    }
}
