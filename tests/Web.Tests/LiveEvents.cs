using System.Runtime.CompilerServices;
using System.Text.Json;

namespace LoptCluster.Web.Tests;

/// <summary>The live stream, event by event.</summary>
internal static class LiveEvents
{
    private const string Data = "data: ";

    public static async IAsyncEnumerable<JsonElement> ReadAsync(HttpClient client, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await client.GetAsync("/api/live", HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(Data, StringComparison.Ordinal)) yield return JsonDocument.Parse(line[Data.Length..]).RootElement;
        }
    }
}
