using System.Globalization;
using System.Text.Json;
using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>The constants of an update as text by name: in the metadata of a θ file ("update.stepScale") and in its card.</summary>
internal static class UpdateConstantsText
{
    private const string StepScale = "stepScale";
    private const string StepDecay = "stepDecay";
    private const string ExponentScale = "exponentScale";
    private const string TimeInputs = "timeInputs";
    private const string MomentumInputs = "momentumInputs";
    private const string Nesterov = "nesterov";
    private const string HorizonInnerSteps = "horizonInnerSteps";

    /// <summary>Name and text of each; the names and words are those of the specification's keys.</summary>
    public static IEnumerable<(string Name, string Text)> Of(UpdateConstants constants) =>
    [
        (StepScale, constants.StepScale.ToString("R", CultureInfo.InvariantCulture)),
        (StepDecay, Word(constants.StepDecay)),
        (ExponentScale, constants.ExponentScale.ToString("R", CultureInfo.InvariantCulture)),
        (TimeInputs, Word(constants.TimeInputs)),
        (MomentumInputs, constants.MomentumInputs ? "true" : "false"),
        (Nesterov, constants.Nesterov ? "true" : "false"),
        (HorizonInnerSteps, constants.HorizonInnerSteps.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <param name="text">Text by name; null: there is none.</param>
    /// <returns>Null: it has none of them.</returns>
    /// <exception cref="FormatException">One is missing, or has a value that it cannot have; the message names it.</exception>
    public static UpdateConstants? Read(Func<string, string?> text)
    {
        if (text(StepScale) is null) return null;
        return new UpdateConstants
        {
            StepScale = Positive(text, StepScale),
            StepDecay = OneOf<Shared.Specification.StepDecay>(text, StepDecay),
            ExponentScale = Positive(text, ExponentScale),
            TimeInputs = OneOf<Shared.Specification.TimeInputs>(text, TimeInputs),
            MomentumInputs = Flag(text, MomentumInputs),
            Nesterov = Flag(text, Nesterov),
            HorizonInnerSteps = long.TryParse(text(HorizonInnerSteps), NumberStyles.None, CultureInfo.InvariantCulture, out long steps)
                && steps > 0
                    ? steps
                    : throw Wrong(text, HorizonInnerSteps, "a whole number above 0"),
        };
    }

    private static double Positive(Func<string, string?> text, string name) =>
        double.TryParse(text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value is > 0 and <= double.MaxValue
            ? value
            : throw Wrong(text, name, "a number above 0");

    private static bool Flag(Func<string, string?> text, string name) => text(name) switch
    {
        "true" => true,
        "false" => false,
        _ => throw Wrong(text, name, "true or false"),
    };

    private static T OneOf<T>(Func<string, string?> text, string name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Word(value) == text(name)) return value;
        throw Wrong(text, name, string.Join(" or ", Enum.GetValues<T>().Select(v => Word(v))));
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static FormatException Wrong(Func<string, string?> text, string name, string allowed) =>
        new(text(name) is { } found ? $"its '{name}' is '{found}', not {allowed}" : $"it does not say '{name}'");
}
