using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Fleet;
using LoptCluster.Shared;
using Spectre.Console.Testing;
using Xunit;

namespace LoptCluster.Cli.Tests.Fleet;

public sealed class TokenSourceTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"lopt-token-{Guid.NewGuid():N}");

    public TokenSourceTests() => File.WriteAllText(_file, "from-file\n");

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_NothingGiven_IsNull() => Assert.Null(Read(null));

    [Fact]
    public void Read_Variable_IsTaken() => Assert.Equal("abc", Read(null, (TokenSource.Reader, " abc ")));

    [Fact]
    public void Read_FileVariable_IsRead() => Assert.Equal("from-file", Read(null, (TokenSource.Reader + "_FILE", _file)));

    [Fact]
    public void Read_FileOption_GoesBeforeVariables() => Assert.Equal("from-file", Read(_file, (TokenSource.Reader, "abc")));

    [Fact]
    public void Read_OnlyTheSecondVariable_IsTaken() => Assert.Equal("op", Read(null, (TokenSource.Operator, "op")));

    [Fact]
    public void Read_BothWays_IsRefused() => Assert.Equal(
        "LOPT_READER_TOKEN and LOPT_READER_TOKEN_FILE are both set. Set only one of them.",
        Assert.Throws<UserErrorException>(() => Read(null, (TokenSource.Reader, "a"), (TokenSource.Reader + "_FILE", _file))).Message);

    [Fact]
    public void Read_EmptyFile_IsRefused()
    {
        File.WriteAllText(_file, "\n");

        Assert.Equal(
            $"--token-file '{_file}' is empty. The file must contain the token.",
            Assert.Throws<UserErrorException>(() => Read(_file)).Message);
    }

    private static string? Read(string? file, params (string Name, string Value)[] variables)
    {
        using var environment = new CliEnvironment
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            Console = new TestConsole(),
            Stop = new StopSignals(),
            Variable = name => variables.FirstOrDefault(pair => pair.Name == name).Value,
        };
        return TokenSource.Find(environment, file, TokenSource.Reader, TokenSource.Operator)?.One().Current;
    }
}
