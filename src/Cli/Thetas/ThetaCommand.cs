using System.CommandLine;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Thetas;

/// <summary><c>lopt theta list | show | copy | card</c>: the trained θ that ship with the program, and lost cards.</summary>
internal static class ThetaCommand
{
    public static Command Create(CliEnvironment environment) =>
        new(
            "theta",
            $"List, show or copy the trained θ that ship with lopt: {ThetaCatalog.Prefix}NAME names one wherever the path of a θ file is "
                + "taken. Or write the card that a θ file has lost.")
        {
            List(environment), Show(environment), Copy(environment), Card(environment),
        };

    private static Command List(CliEnvironment environment)
    {
        var json = CommonOptions.Json();
        var command = new Command("list", "Say of each θ what it was trained for, and where it has a lower loss than tuned Adam.") { json };
        command.SetAction(parsed =>
        {
            var thetas = ThetaCatalog.Names.Select(ThetaCatalog.Get);
            if (parsed.GetValue(json))
            {
                environment.Output.WriteLine(ShippedThetaText.Json(thetas).ToJsonString());
                return 0;
            }

            var lines = thetas.SelectMany((theta, i) => ShippedThetaText.Lines(theta).Prepend(i == 0 ? null : "")).OfType<string>();
            foreach (string line in lines) environment.WriteText(line, ShippedThetaText.Indent);
            return 0;
        });
        return command;
    }

    private static Command Show(CliEnvironment environment)
    {
        var name = Name();
        var command = new Command("show", "Print the whole specification that a θ was trained with, as a preset file.") { name };
        command.SetAction(parsed =>
        {
            var theta = ThetaCatalog.Get(parsed.GetRequiredValue(name));
            environment.Output.Write(PresetFile.Write(
                theta.TrainedBy, $"Every value of the run that trained {ThetaCatalog.Prefix}{theta.Name}."));
            return 0;
        });
        return command.WithExamples("lopt theta show mixture-train > mine.toml && lopt train --preset mine.toml");
    }

    private static Command Copy(CliEnvironment environment)
    {
        var name = Name();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "File to write; its card is written beside it (default: NAME.safetensors).",
            HelpName = "FILE",
        };
        var command = new Command("copy", "Write a θ as a safetensors file with its card, for other programs.") { name, output };
        command.SetAction(parsed =>
        {
            var theta = ThetaCatalog.Get(parsed.GetRequiredValue(name));
            string path = parsed.GetValue(output) ?? theta.Name + ".safetensors";
            OutputFile.Prepare("--output", path);
            ThetaCatalog.Copy(theta.Name, path);
            environment.WriteText($"Copied {ThetaCatalog.Prefix}{theta.Name} to '{path}', its card to '{ThetaCard.PathOf(path)}'.");
            return 0;
        });
        return command.WithExamples("lopt theta copy mixture-train -o theta.safetensors");
    }

    private static Command Card(CliEnvironment environment)
    {
        var file = new Argument<string>("file") { Description = "The θ file, without metadata and card." };
        var preset = CommonOptions.Preset("Preset that trained it.");
        preset.Required = true;
        var set = CommonOptions.Set();
        var command = new Command(
            "card",
            "Write the card of a θ file that another program saved without its metadata. θ is of no use with other values than those that "
                + "trained it: name all that differ from the preset.")
        {
            file, preset, set,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            ThetaCard.Restore(path, PresetSelection.Load(parsed.GetRequiredValue(preset), null, parsed.GetValue(set)));
            environment.WriteText($"Wrote '{ThetaCard.PathOf(path)}'.");
            return 0;
        });
        return command.WithExamples(
            "lopt theta card saved.safetensors --preset mixture",
            "lopt theta card saved.safetensors --preset quickstart --set optimizer=mlp20 --set stepDecay=linear");
    }

    private static Argument<string> Name() => new("name")
    {
        Description = $"Name of a θ, with or without '{ThetaCatalog.Prefix}'.",
        CompletionSources = { _ => CommonOptions.Items(ThetaCatalog.Names) },
    };
}
