using Gateway.Activities;
using Gateway.FirstStart;

namespace Gateway.Tests.FirstStart;

public sealed class GeneratedSecretsTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void The_key_ring_is_made_once_and_read_ever_after()
    {
        var token = new TaskToken(ActivityId.New(TimeProvider.System.GetUtcNow()), Capabilities.All, 3, null);
        var text = TokenKeyFile.Open(directory, () => false).Issue(token);
        Assert.Equal(token, TokenKeyFile.Open(directory, () => true).Verify(text));
        AssertOwnerOnly(TokenKeyFile.Name);
    }

    [Fact]
    public void A_lost_key_ring_is_not_replaced_while_tokens_are_out()
    {
        var failure = Assert.Throws<StartupException>(() => TokenKeyFile.Open(directory, () => true));
        Assert.StartsWith("Tokens:Keys is not configured", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(directory));
    }

    [Theory]
    [InlineData("nonsense", "is damaged")]
    [InlineData("[]", "holds no key")]
    [InlineData("""[{"id":1,"secret":"c2hvcnQ="}]""", ":0:secret must be 32 random bytes in base64.")]
    [InlineData("""[{"id":300,"secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}]""", ":0:id must be a number from 0 to 255.")]
    public void A_damaged_key_ring_stops_the_start(string content, string expected)
    {
        File.WriteAllText(Path.Combine(directory, TokenKeyFile.Name), content);
        var failure = Assert.Throws<StartupException>(() => TokenKeyFile.Open(directory, () => false));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runner_key_is_made_once_and_opens_everything()
    {
        var first = RunnerKeyFile.Open(directory);
        var second = RunnerKeyFile.Open(directory);
        var key = File.ReadAllText(first.FullPath).Trim();
        Assert.Equal((true, false), (first.IsNew, second.IsNew));
        Assert.StartsWith("cbgk_", key, StringComparison.Ordinal);
        var identity = second.Ring.Find(key);
        Assert.NotNull(identity);
        Assert.True(identity.Allows("any"));
        Assert.Equal(["complete", "operate", "register", "resume"], identity.Scopes.Order());
        Assert.Null(second.Ring.Find(key + "x"));
        AssertOwnerOnly(RunnerKeyFile.Name);
    }

    private void AssertOwnerOnly(string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(directory, name)));
        }
    }
}
