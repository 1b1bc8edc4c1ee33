using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LoptCluster.Cli.CommandLine;

/// <summary>Options with a number as value, whose errors name the option, the value and what is allowed.</summary>
internal static class NumberOptions
{
    /// <summary>A whole number of at least 1; null if the option is absent.</summary>
    public static Option<int?> Positive(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => ParsePositive(name, result).Cast<int?>().FirstOrDefault(),
    };

    /// <summary>One or several whole numbers of at least 1.</summary>
    public static Option<int[]> PositiveList(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => [.. ParsePositive(name, result)],
    };

    /// <summary>A time in seconds, above 0 and at most <paramref name="most"/>.</summary>
    public static Option<double> Seconds(string name, string description, double initial, double most) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        DefaultValueFactory = _ => initial,
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
            if (isNumber && seconds > 0 && seconds <= most) return seconds;
            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"{name} '{text}' must be a number of seconds above 0 and at most {most}."));
            return initial;
        },
    };

    private static List<int> ParsePositive(string name, ArgumentResult result)
    {
        var numbers = new List<int>();
        foreach (var token in result.Tokens)
        {
            if (int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= 1)
                numbers.Add(number);
            else result.AddError($"{name} '{token.Value}' must be a whole number of at least 1.");
        }

        return numbers;
    }
}
