using System.Net;
using LoptCluster.Shared;

namespace LoptCluster.Hosting.Listeners;

/// <summary>ADDRESS:PORT of a command line option.</summary>
public static class ListenAddress
{
    /// <summary>The word for a listener that is not wanted.</summary>
    public const string Off = "off";

    /// <exception cref="UserErrorException">It is no address and port.</exception>
    public static IPEndPoint Parse(string option, string text)
    {
        if (IPEndPoint.TryParse(text.Replace("localhost:", "127.0.0.1:", StringComparison.OrdinalIgnoreCase), out var endpoint) && text.Contains(':')) return endpoint;
        throw new UserErrorException($"{option} '{text}' is no address and port; give for example 127.0.0.1:5317, 0.0.0.0:5317 or [::]:5317.");
    }

    /// <summary>Null where it is <see cref="Off"/> or was not given.</summary>
    public static IPEndPoint? ParseOptional(string option, string? text) => text is null or Off ? null : Parse(option, text);
}
