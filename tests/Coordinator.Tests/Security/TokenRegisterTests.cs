using LoptCluster.Coordinator.Security;
using LoptCluster.Hosting.Credentials;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LoptCluster.Coordinator.Tests.Security;

public sealed class TokenRegisterTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("w", "worker")]
    [InlineData("r", "reader")]
    [InlineData("o", "operator reader")]
    [InlineData("", "")]
    [InlineData("w ", "")]
    [InlineData("wr", "")]
    public void RolesOf_Token(string token, string roles) => Assert.Equal(roles, Roles(new TokenRegister(new("w", "r", "o")), token));

    [Theory]
    [InlineData("a", "a", "b", "reader")]
    [InlineData("a", "b", "a", "operator")]
    [InlineData("a", "b", "b", "operator")]
    public void Tokens_OfTwoRolesTheSame_AreRefused(string worker, string reader, string operates, string role)
    {
        var error = Assert.Throws<UserErrorException>(() => new TokenRegister(new(
            TokenOrigin.OfValue("worker", worker), TokenOrigin.OfValue("reader", reader), TokenOrigin.OfValue("operator", operates))));

        Assert.StartsWith($"{role} has a token that the role ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refresh_FileWithTwoTokens_AcceptsBothAndThenTheNewOneAlone()
    {
        string file = _files.PathOf("worker");
        File.WriteAllText(file, "old\n");
        var register = new TokenRegister(new(TokenOrigin.OfFile("--token-file", file)));
        Assert.Equal(("worker", ""), (Roles(register, "old"), Roles(register, "new")));

        Renew(register, file, "new\r\nold\r\n");
        Assert.Equal(("worker", "worker"), (Roles(register, "old"), Roles(register, "new")));

        Renew(register, file, "new\n");
        Assert.Equal(("", "worker"), (Roles(register, "old"), Roles(register, "new")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("reader")]
    public void Refresh_FileOfNoUse_KeepsWhatWasReadBefore(string content)
    {
        string file = _files.PathOf("worker");
        File.WriteAllText(file, "old");
        var register = new TokenRegister(new(TokenOrigin.OfFile("--token-file", file), "reader"));

        Renew(register, file, content);
        File.Delete(file);
        register.Refresh(NullLogger.Instance);

        Assert.Equal(("worker", "reader"), (Roles(register, "old"), Roles(register, "reader")));
    }

    private static void Renew(TokenRegister register, string file, string content)
    {
        File.WriteAllText(file, content);
        register.Refresh(NullLogger.Instance);
    }

    private static string Roles(TokenRegister register, string token) =>
        string.Join(' ', register.RolesOf(token).Order(StringComparer.Ordinal));
}
