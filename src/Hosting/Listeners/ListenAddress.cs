using System.Net;
using LoptCluster.Shared;

namespace LoptCluster.Hosting.Listeners;

/// <summary>Value ADDRESS:PORT of a command-line option.</summary>
public static class ListenAddress
{
    /// <summary>Value that disables a listener.</summary>
    public const string Off = "off";

    /// <exception cref="UserErrorException">The text is not an address and port.</exception>
    public static IPEndPoint Parse(string option, string text)
    {
        string address = text.Replace("localhost:", "127.0.0.1:", StringComparison.OrdinalIgnoreCase);
        if (IPEndPoint.TryParse(address, out var endpoint) && text.Contains(':')) return endpoint;
        throw new UserErrorException($"{option} '{text}' is not an address and port. Examples: 127.0.0.1:5317, 0.0.0.0:5317, [::]:5317.");
    }

    /// <summary>Null where it is <see cref="Off"/> or was not given.</summary>
    public static IPEndPoint? ParseOptional(string option, string? text) => text is null or Off ? null : Parse(option, text);
}
