using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoptCluster.Shared.Specification;

/// <summary>The word for an enum value in files, options and messages: its name in camel case, unless it carries another.</summary>
public static class SpecificationWord
{
    public static string Of(Enum value) =>
        value.GetType().GetField(value.ToString())?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
