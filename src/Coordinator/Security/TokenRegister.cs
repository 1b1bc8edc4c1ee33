using System.Security.Cryptography;
using System.Text;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Shared;
using Microsoft.Extensions.Logging;

namespace LoptCluster.Coordinator.Security;

/// <summary>The tokens that are accepted now, by role. Thread-safe.</summary>
internal sealed class TokenRegister : IReloaded
{
    private readonly (string Role, Reloaded<byte[][]> Hashes)[] _roles;

    /// <exception cref="UserErrorException">A token cannot be read or used, or two roles have the same.</exception>
    public TokenRegister(CoordinatorTokens tokens)
    {
        (string Role, TokenOrigin? Origin)[] origins =
            [(Roles.Worker, tokens.Worker), (Roles.Reader, tokens.Reader), (Roles.Operator, tokens.Operator)];
        var roles = new List<(string Role, Reloaded<byte[][]> Hashes)>();
        foreach (var (role, origin) in origins)
        {
            if (origin is null) continue;
            // At start the roles before this one are known; later, all the others.
            roles.Add((role, origin.All(found => Checked(role, origin, found, _roles ?? [.. roles]))));
        }

        _roles = [.. roles];
    }

    /// <summary>False: no role has a token, and every caller has every role.</summary>
    public bool Any => _roles.Length > 0;

    /// <summary>The roles that a token gives; an operator has the reader's too.</summary>
    /// <remarks>Compares hashes with every token there is, so that neither length, prefix nor place can be timed.</remarks>
    public IReadOnlySet<string> RolesOf(string token)
    {
        byte[] hash = HashOf(token);
        var roles = new HashSet<string>();
        foreach (var (role, hashes) in _roles)
        {
            if (Contains(hashes.Current, hash)) roles.Add(role);
        }

        if (roles.Contains(Roles.Operator)) roles.Add(Roles.Reader);
        return roles;
    }

    public void Refresh(ILogger log)
    {
        foreach (var (_, hashes) in _roles) hashes.Refresh(log);
    }

    private static byte[][] Checked(
        string role, TokenOrigin origin, string[] tokens, (string Role, Reloaded<byte[][]> Hashes)[] roles)
    {
        byte[][] hashes = [.. tokens.Select(HashOf)];
        foreach (var (other, others) in roles)
        {
            if (other == role || !hashes.Any(h => Contains(others.Current, h))) continue;
            throw new UserErrorException(
                $"{origin} has a token that the role {other} has too. Give each of the roles worker, reader and operator a token of "
                    + "its own.");
        }

        return hashes;
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static bool Contains(byte[][] hashes, byte[] hash)
    {
        bool found = false;
        foreach (byte[] one in hashes) found |= CryptographicOperations.FixedTimeEquals(one, hash);
        return found;
    }
}
