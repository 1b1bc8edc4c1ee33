using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LoptCluster.Shared.Specification;

/// <summary>Canonical JSON of a <see cref="RunSpecification"/>, which is stored, sent to workers and hashed.</summary>
public static class SpecificationJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new TaskEntryJson() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutDefaults } },
    };

    private static readonly string AuditShareKey = JsonNamingPolicy.CamelCase.ConvertName(nameof(RunSpecification.AuditShare));

    public static string Serialize(RunSpecification specification) => JsonSerializer.Serialize(specification, Options);

    /// <summary>Parses the canonical JSON of a specification.</summary>
    /// <exception cref="UserErrorException">The text is not a specification of this version.</exception>
    public static RunSpecification Deserialize(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<RunSpecification>(json, Options)
                ?? throw new UserErrorException("The run specification is empty.");
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"The run specification cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// A run without a mixture has the same text as before there were mixtures; so has one without a full ledger, and one that is audited
    /// as usual.
    /// </summary>
    private static void LeaveOutDefaults(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(p => p.PropertyType == typeof(SampleLedger)))
            property.ShouldSerialize = static (_, ledger) => (SampleLedger)ledger! != SampleLedger.Identities;
        foreach (var property in type.Properties.Where(p => p.Name == AuditShareKey))
            property.ShouldSerialize = static (_, share) => (double)share! != RunSpecification.DefaultAuditShare;
        foreach (var property in type.Properties.Where(p => p.PropertyType == typeof(ImmutableArray<TaskEntry>)))
            property.ShouldSerialize = static (_, tasks) => !((ImmutableArray<TaskEntry>)tasks!).IsEmpty;
    }

    /// <summary>SHA-256 of the canonical JSON, lower-case hex.</summary>
    public static string Hash(RunSpecification specification) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Serialize(specification))));
}
